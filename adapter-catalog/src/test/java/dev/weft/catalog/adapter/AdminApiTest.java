package dev.weft.catalog.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.protocol.adapter.VersionState;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests the admin API over HTTP, with real adapters and a database in a file. */
class AdminApiTest {
    @TempDir private static Path folder;

    private static Path adapters;
    @AutoClose private static RunningCatalog catalog;

    @BeforeAll
    static void start() throws Exception {
        adapters = Files.createDirectories(folder.resolve("adapters"));
        catalog = RunningCatalog.start(folder);
    }

    @Test
    void anAdapterIsRegisteredFollowedAndReady() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("a"), 4, 1);
        HttpResponse<String> accepted =
                catalog.post(
                        "/admin/v1/adapters",
                        """
                        {"name": "first", "source": "FILE", "repo": "%s", "revision": null}
                        """
                                .formatted(repo));

        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(accepted.headers().firstValue("Location")).contains("/admin/v1/adapters/first");
        JsonNode version = RunningCatalog.JSON.readTree(accepted.body());
        assertThat(version.path("state").asString()).isEqualTo("Registered");
        assertThat(version.path("digest").isNull()).isTrue();
        assertThat(version.path("reasons").isArray()).isTrue();

        JsonNode ready = catalog.settled(version.path("id").asLong());
        assertThat(ready.path("state").asString()).as("%s", ready).isEqualTo("Ready");
        JsonNode adapter = catalog.json("/admin/v1/adapters/first");
        assertThat(adapter.path("name").asString()).isEqualTo("first");
        assertThat(adapter.path("versions")).containsExactly(ready);
        assertThat(ready.path("digest").asString()).matches("sha256:[0-9a-f]{64}");
        assertThat(ready.path("rank").asInt()).isEqualTo(4);
        assertThat(texts(ready.path("modules"))).containsExactly("q_proj", "v_proj");
        assertThat(ready.path("source").asString()).isEqualTo("FILE");
        assertThat(ready.path("repo").asString()).isEqualTo(repo.toString());
        assertThat(ready.path("revision").isNull()).isTrue();
        assertThat(ready.path("createdAt").asString()).endsWith("Z");
    }

    @Test
    void aBadBodyNamesEveryFaultAtOnce() throws Exception {
        HttpResponse<String> answer =
                catalog.post(
                        "/admin/v1/adapters",
                        """
                        {"name": "a b", "source": "FTP", "revision": 7, "revison": "main"}
                        """);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        JsonNode problem = RunningCatalog.JSON.readTree(answer.body());
        assertThat(problem.path("errors"))
                .extracting(e -> e.path("field").asString() + "=" + e.path("value").asString(""))
                .containsExactlyInAnyOrder(
                        "name=a b", "source=FTP", "repo=", "revision=7", "revison=main");
        assertThat(problem.path("errors"))
                .allSatisfy(e -> assertThat(e.path("allowed").asString()).isNotBlank());
        assertThat(problem.path("detail").asString())
                .contains("source 'FTP' is not allowed; allowed: HF, GCS");
    }

    @Test
    void whatIsNoObjectIsRefused() throws Exception {
        for (String body : List.of("", "[]", "{\"name\"", "\"sql\"", "null")) {
            HttpResponse<String> answer = catalog.post("/admin/v1/adapters", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.body()).contains("\"field\":\"body\"");
        }
    }

    @Test
    void namesThatBreakTheRuleAreRefused() throws Exception {
        for (String name : List.of("", "/a", "a/", "../a", "-a", "a".repeat(129), "a\\u0000")) {
            HttpResponse<String> answer =
                    catalog.post(
                            "/admin/v1/adapters",
                            "{\"name\":\"%s\",\"source\":\"HF\",\"repo\":\"o/n\"}".formatted(name));
            assertThat(answer.statusCode()).as(name).isEqualTo(400);
            assertThat(answer.body()).contains("\"field\":\"name\"");
        }
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        for (HttpResponse<String> answer :
                List.of(
                        catalog.get("/admin/v1/adapters/nobody"),
                        catalog.get("/admin/v1/adapters/no/body"),
                        catalog.get("/admin/v1/adapters/no%20body"),
                        catalog.delete("/admin/v1/adapters/nobody"),
                        catalog.post("/admin/v1/adapters/nobody/disable", ""),
                        catalog.post("/admin/v1/adapters/no/body/enable", ""),
                        catalog.get("/admin/v1/versions/99999"),
                        catalog.get("/nowhere"))) {
            assertThat(answer.statusCode()).as(answer.uri().toString()).isEqualTo(404);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .as(answer.uri().toString())
                    .contains("application/problem+json");
        }
    }

    @Test
    void aNameWithSlashesIsFoundEitherWay() throws Exception {
        catalog.ingest("team/sub/sql", TestAdapter.write(adapters.resolve("b"), 4, 2));

        for (String path : List.of("team/sub/sql", "team%2Fsub%2Fsql")) {
            String adapter = "/admin/v1/adapters/" + path;
            assertThat(state(catalog.post(adapter + "/disable", ""))).isEqualTo("Disabled");
            assertThat(catalog.json(adapter).path("name").asString()).isEqualTo("team/sub/sql");
            assertThat(state(catalog.post(adapter + "/enable", ""))).isEqualTo("Ready");
        }
        assertThat(catalog.delete("/admin/v1/adapters/team%2Fsub%2Fsql").statusCode())
                .isEqualTo(204);
        assertThat(catalog.get("/admin/v1/adapters/team/sub/sql").statusCode()).isEqualTo(404);
    }

    @Test
    void aRejectedAdapterCannotBeEnabled() throws Exception {
        JsonNode rejected =
                catalog.ingest("too-large", TestAdapter.write(adapters.resolve("c"), 32, 3));
        assertThat(rejected.path("state").asString()).isEqualTo("Rejected");
        JsonNode reason = rejected.path("reasons").get(0);
        assertThat(reason.path("found").asString()).isEqualTo("32");
        assertThat(reason.path("allowed").asString()).contains("16");
        assertThat(reason.path("message").asString()).contains("32");
        assertThat(reason.has("tensor") && reason.path("tensor").isNull()).isFalse();

        HttpResponse<String> answer = catalog.post("/admin/v1/adapters/too-large/enable", "");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(answer.body()).contains("Rejected");
    }

    /** A database may not hold it. */
    @Test
    void textWithControlCharactersInAQueryIsRefused() throws Exception {
        for (String parameter :
                List.of(
                        "adapters?after",
                        "aliases?after",
                        "rollouts?alias",
                        "shadows?alias",
                        "usage?adapter")) {
            HttpResponse<String> answer = catalog.get("/admin/v1/" + parameter + "=a%00");
            assertThat(answer.statusCode()).as(parameter).isEqualTo(400);
            assertThat(answer.body())
                    .contains("\"field\":\"" + parameter.replaceAll(".*\\?", "") + "\"");
        }
    }

    @Test
    void theListIsReadPageByPage() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("d"), 4, 4);
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            expected.add("page/" + i);
            catalog.register("page/" + i, repo);
        }
        Set<String> seen = new HashSet<>();
        List<String> order = new ArrayList<>();
        String next = "/admin/v1/adapters?size=2";
        while (next != null) {
            JsonNode page = catalog.json(next);
            assertThat(page.path("items").size()).isBetween(1, 2);
            for (JsonNode item : page.path("items")) {
                assertThat(seen.add(item.path("name").asString())).isTrue();
                order.add(item.path("name").asString());
                assertThat(item.path("versions").isArray()).isTrue();
            }
            next = page.path("next").isNull() ? null : page.path("next").asString();
        }
        assertThat(seen).containsAll(expected);
        assertThat(order).isSorted();
        for (String size : List.of("0", "501", "-1", "x", "9999999999")) {
            HttpResponse<String> answer = catalog.get("/admin/v1/adapters?size=" + size);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("\"field\":\"size\"", "1 to 500");
        }
    }

    @Test
    void theSameContentAgainIsTheSameVersion() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("e"), 4, 5);
        JsonNode first = catalog.ingest("same", repo);
        JsonNode second = catalog.ingest("same", repo);

        assertThat(second).isEqualTo(first);
        assertThat(catalog.json("/admin/v1/adapters/same").path("versions")).hasSize(1);
    }

    @Test
    void newContentTakesTheNameAndABrokenOneChangesNothing() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("f"), 4, 6);
        catalog.ingest("moving", repo);
        TestAdapter.write(repo, 8, 7);
        JsonNode second = catalog.ingest("moving", repo);
        Files.delete(repo.resolve("adapter_model.safetensors"));
        JsonNode third = catalog.ingest("moving", repo);

        assertThat(third.path("state").asString()).isEqualTo("Rejected");
        JsonNode versions = catalog.json("/admin/v1/adapters/moving").path("versions");
        assertThat(versions)
                .extracting(v -> v.path("state").asString())
                .containsExactly("Rejected", "Ready", "Ready");
        assertThat(catalog.json("/admin/v1/adapters/moving").path("leadsTo"))
                .extracting(t -> t.path("version").asInt())
                .containsExactly(2);
        assertThat(versions.get(1)).isEqualTo(second);
    }

    @Test
    void manyRegistrationsOfOneNameAtOnceLeaveOneVersion() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("g"), 4, 8);
        List<Callable<JsonNode>> work =
                IntStream.range(0, 16)
                        .<Callable<JsonNode>>mapToObj(i -> () -> catalog.ingest("busy", repo))
                        .toList();
        Set<JsonNode> results = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonNode>> running = work.stream().map(threads::submit).toList();
            for (Future<JsonNode> future : running) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
        }
        JsonNode versions = catalog.json("/admin/v1/adapters/busy").path("versions");
        assertThat(versions).hasSize(1);
        assertThat(versions.get(0).path("state").asString()).isEqualTo("Ready");
        assertThat(results)
                .extracting(v -> v.path("digest"))
                .containsOnly(versions.get(0).path("digest"));
    }

    @Test
    void artifactsAreServedByDigestWithRanges() throws Exception {
        Path repo = TestAdapter.write(adapters.resolve("h"), 4, 9);
        String digest = catalog.ingest("fetched", repo).path("digest").asString();
        JsonNode manifest = catalog.json("/artifacts/v1/" + digest);
        assertThat(manifest.path("digest").asString()).isEqualTo(digest);
        assertThat(manifest.path("files"))
                .extracting(f -> f.path("name").asString())
                .containsExactly("adapter_config.json", "adapter_model.safetensors");

        String file = "/artifacts/v1/" + digest + "/files/adapter_model.safetensors";
        byte[] expected =
                catalog.client()
                        .send(catalog.to(file).build(), HttpResponse.BodyHandlers.ofByteArray())
                        .body();
        JsonNode described = manifest.path("files").get(1);
        assertThat(described.path("size").asLong()).isEqualTo(expected.length);
        assertThat(described.path("sha256").asString())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(expected)));
        HttpResponse<byte[]> part =
                catalog.client()
                        .send(
                                catalog.to(file).header("Range", "bytes=10-19").build(),
                                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range"))
                .contains("bytes 10-19/" + expected.length);
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(expected, 10, 20));

        assertThat(catalog.get(file + "x").statusCode()).isEqualTo(404);
        assertThat(
                        catalog.get("/artifacts/v1/" + digest + "/files/..%2Fartifact.json")
                                .statusCode())
                .isIn(400, 404);
        assertThat(catalog.get("/artifacts/v1/sha256:" + "0".repeat(64)).statusCode())
                .isEqualTo(404);
        assertThat(catalog.get("/artifacts/v1/nonsense").statusCode()).isEqualTo(400);
    }

    @Test
    void theOpenApiPageDescribesEveryPathWithItsErrors() throws Exception {
        JsonNode page = catalog.json("/openapi.json");
        assertThat(page.path("paths").propertyNames())
                .containsExactlyInAnyOrder(
                        "/admin/v1/adapters",
                        "/admin/v1/adapters/{name}",
                        "/admin/v1/adapters/{name}/disable",
                        "/admin/v1/adapters/{name}/enable",
                        "/admin/v1/adapters/{name}/sharing",
                        "/admin/v1/aliases",
                        "/admin/v1/aliases/{name}",
                        "/admin/v1/aliases/{name}/rollback",
                        "/admin/v1/audit",
                        "/admin/v1/bases",
                        "/admin/v1/bases/{name}",
                        "/admin/v1/orders",
                        "/admin/v1/orders/{id}",
                        "/admin/v1/residency",
                        "/admin/v1/rollouts",
                        "/admin/v1/rollouts/{id}",
                        "/admin/v1/rollouts/{id}/pause",
                        "/admin/v1/rollouts/{id}/resume",
                        "/admin/v1/rollouts/{id}/scores",
                        "/admin/v1/shadows",
                        "/admin/v1/shadows/{id}",
                        "/admin/v1/tokens",
                        "/admin/v1/tokens/{id}",
                        "/admin/v1/tokens/{id}/rotate",
                        "/admin/v1/usage",
                        "/admin/v1/workers",
                        "/admin/v1/versions/{id}",
                        "/artifacts/v1/{digest}",
                        "/artifacts/v1/{digest}/files/{name}",
                        "/feed/v1/events");
        JsonNode register = page.path("paths").path("/admin/v1/adapters").path("post");
        assertThat(register.path("responses").propertyNames()).contains("202", "400");
        for (String schema : List.of("404", "412", "428")) {
            assertThat(
                            page.path("paths")
                                    .path("/admin/v1/aliases/{name}")
                                    .path("delete")
                                    .path("responses")
                                    .path(schema)
                                    .toString())
                    .contains("application/problem+json", "Problem");
        }
        JsonNode schemas = page.path("components").path("schemas");
        assertThat(schemas.propertyNames())
                .contains("Registration", "Version", "Adapter", "AdapterPage", "Reason", "Problem");
        assertThat(schemas)
                .allSatisfy(
                        schema -> assertThat(schema.path("description").asString("")).isNotEmpty());
        assertThat(texts(schemas.path("Version").path("required")))
                .containsExactlyInAnyOrderElementsOf(
                        schemas.path("Version").path("properties").propertyNames());
        assertThat(texts(schemas.path("Version").path("properties").path("digest").path("type")))
                .containsExactlyInAnyOrder("string", "null");
        assertThat(page.toString()).doesNotContain("WithSlashes");
    }

    @Test
    void healthAndMetricsAreServed() throws Exception {
        assertThat(catalog.json("/actuator/health/liveness").path("status").asString())
                .isEqualTo("UP");
        assertThat(catalog.ready().path("status").asString()).isEqualTo("UP");
        assertThat(catalog.get("/actuator/prometheus").body())
                .contains("weft_catalog_ingest_versions_total");
    }

    @Test
    void everyFixedLabelIsThereFromTheStart() throws Exception {
        String metrics = catalog.get("/actuator/prometheus").body();
        for (VersionState state : VersionState.values()) {
            assertThat(metrics)
                    .contains(
                            "weft_catalog_versions{state=\""
                                    + state.name().toLowerCase(Locale.ROOT)
                                    + "\"}");
        }
        for (String stage : List.of("fetch", "validate", "convert", "all")) {
            for (String source : List.of("hf", "gcs", "s3", "azure", "remote_url", "file")) {
                assertThat(metrics)
                        .contains(
                                "weft_catalog_ingest_seconds_count{source=\"%s\",stage=\"%s\"}"
                                        .formatted(source, stage));
            }
        }
        assertThat(metrics)
                .contains("weft_catalog_feed_sequence ", "weft_catalog_feed_followers ")
                .contains("weft_catalog_ingest_running ");
    }

    private static String state(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningCatalog.JSON
                .readTree(answer.body())
                .path("versions")
                .get(0)
                .path("state")
                .asString();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asString()));
        return texts;
    }
}
