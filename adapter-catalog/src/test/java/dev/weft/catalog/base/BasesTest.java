package dev.weft.catalog.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.FeedFollower;
import dev.weft.protocol.feed.ServedVersion;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BasesTest {
    @TempDir Path folder;
    @AutoClose private RunningCatalog catalog;
    private Path wide;

    @BeforeEach
    void start() throws Exception {
        catalog = RunningCatalog.start(folder);
        wide = TestAdapter.base(folder.resolve("adapters/wide-model"), 24);
    }

    @Test
    void theDeclaredBaseIsThereAndOthersComeAndGo() throws Exception {
        JsonNode declared = catalog.json("/admin/v1/bases").get(0);
        assertThat(declared.path("name").asString()).isEqualTo("acme/base");
        assertThat(declared.path("declared").asBoolean()).isTrue();
        assertThat(declared.path("maxRank").asInt()).isEqualTo(16);
        assertThat(declared.path("engine").asString()).isEqualTo("auto");
        assertThat(catalog.json("/admin/v1/bases/acme/base")).isEqualTo(declared);

        HttpResponse<String> added = add("wide", wide.toString(), 16);
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(add("wide", wide.toString(), 16).statusCode()).isEqualTo(409);
        assertThat(catalog.json("/admin/v1/bases")).hasSize(2);
        assertThat(catalog.delete("/admin/v1/bases/acme%2Fbase").statusCode()).isEqualTo(409);
        assertThat(catalog.delete("/admin/v1/bases/wide").statusCode()).isEqualTo(204);
        assertThat(catalog.delete("/admin/v1/bases/wide").statusCode()).isEqualTo(404);
        assertThat(catalog.get("/admin/v1/bases/wide").statusCode()).isEqualTo(404);
        assertThat(catalog.json("/admin/v1/audit?size=2").path("items"))
                .extracting(item -> item.path("action").asString())
                .containsExactly("base.remove", "base.add");
    }

    /** Requests for a base's name get the base, in every tenant. */
    @Test
    void aBaseTakesNoNameOfAnAdapterOrAlias() throws Exception {
        Path adapter = TestAdapter.write(adapter("a"), 4, 1, folder.resolve("base"), "acme/base");
        assertThat(ingest("wide", adapter)).isEqualTo("Ready acme/base");
        HttpResponse<String> alias =
                catalog.put(
                        "/admin/v1/aliases/team/prod",
                        "{\"targets\":[{\"adapter\":\"wide\",\"version\":1,\"weight\":1}]}");
        assertThat(alias.statusCode()).as(alias.body()).isLessThan(300);

        for (String taken : List.of("wide", "default/wide", "team/prod", "default/team/prod")) {
            HttpResponse<String> refused = add(taken, wide.toString(), 16);
            assertThat(refused.statusCode()).as(taken).isEqualTo(409);
            assertThat(refused.body()).contains("'" + taken + "'", "of tenant 'default'");
        }
        assertThat(catalog.json("/admin/v1/bases")).hasSize(1);
        assertThat(add("prod", wide.toString(), 16).statusCode()).isEqualTo(201);
    }

    @Test
    void whatIsWrongWithABaseIsNamedFieldByField() throws Exception {
        HttpResponse<String> answer =
                catalog.post(
                        "/admin/v1/bases",
                        """
                        {"name": "", "source": "FTP", "repo": "x", "maxRank": 12, "engine": "gpu",
                         "modules": ["q_proj", "lm_head"], "limits": {}}
                        """);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("1 to 256 characters")
                .contains("REMOTE_URL")
                .contains("a power of two from 1 to 256")
                .contains("tensorrt-llm")
                .contains("q_proj, k_proj, v_proj")
                .contains("limits");
        String unnamed = "{\"name\": \"b\", \"source\": \"HF\", \"repo\": \"not a repo!\"}";
        assertThat(catalog.post("/admin/v1/bases", unnamed).body())
                .contains("'not a repo!'", "owner/name");
        for (String what : List.of("adapters", "bases")) {
            assertThat(
                            catalog.post(
                                            "/admin/v1/" + what,
                                            """
                                            {"name": "x", "source": "FILE", "repo": "%s",
                                             "revision": "sha256:0"}
                                            """
                                                    .formatted(wide))
                                    .body())
                    .contains("\"field\":\"revision\"", "is taken as it is");
        }
        assertThat(add("out", folder.resolve("base").toString(), 8).body())
                .contains("folders below");
    }

    @Test
    void anAdapterBelongsToTheBaseThatItNamesOrThatAloneItFits() throws Exception {
        add("wide", "adapters/wide-model", 16);
        catalog.post(
                "/admin/v1/bases",
                "{\"name\": \"twin\", \"source\": \"FILE\", \"repo\": \"%s\"}"
                        .formatted(TestAdapter.base(folder.resolve("adapters/twin-model"))));
        Path narrow = folder.resolve("base");

        assertThat(ingest("named", TestAdapter.write(adapter("a"), 4, 1, narrow, "acme/base")))
                .isEqualTo("Ready acme/base");
        assertThat(
                        ingest(
                                "path",
                                TestAdapter.write(adapter("b"), 4, 2, narrow, "/mnt/Twin-Model/")))
                .isEqualTo("Ready twin");
        assertThat(ingest("shaped", TestAdapter.write(adapter("c"), 4, 3, wide, "org/unheard")))
                .isEqualTo("Ready wide");
        Path either = TestAdapter.write(adapter("d"), 4, 4, narrow, "org/unheard");
        assertThat(ingest("either", either)).isEqualTo("Rejected null BASE_AMBIGUOUS");
        assertThat(register("either", either, "twin")).isEqualTo("Ready twin");
        Path none = TestAdapter.write(adapter("e"), 64, 5, wide, "org/unheard");
        assertThat(ingest("none", none)).isEqualTo("Rejected null BASE_UNKNOWN");
        // What an adapter says about its base is a hint; its shapes decide whether it is served.
        Path false_ = TestAdapter.write(adapter("f"), 4, 6, wide, "acme/base");
        assertThat(ingest("false", false_)).startsWith("Rejected null SHAPE");
    }

    @Test
    void aBaseThatCannotBeReadTakesNoAdapterFromOthers() throws Exception {
        add("wide", wide.toString(), 16);
        Path strange = Files.createDirectories(folder.resolve("adapters/strange-model"));
        Files.writeString(strange.resolve("config.json"), "{\"model_type\": \"unheard-of\"}");
        assertThat(add("strange", strange.toString(), 16).statusCode()).isEqualTo(201);

        assertThat(ingest("shaped", TestAdapter.write(adapter("a"), 4, 1, wide, "org/unheard")))
                .isEqualTo("Ready wide");
        Path none = TestAdapter.write(adapter("b"), 64, 2, wide, "x".repeat(100_000));
        assertThat(ingest("none", none)).isEqualTo("Rejected null BASE_UNKNOWN");
        JsonNode reason = catalog.json("/admin/v1/adapters/none").at("/versions/0/reasons/0");
        assertThat(reason.path("message").asString())
                .contains("'strange': its shape can't be read: ", "unheard-of", "'wide': ");
        assertThat(reason.path("found").asString()).hasSize(256).endsWith("x...");
    }

    /** After a restart: a checkpoint is read once. */
    @Test
    void aBaseShowsTheShapeThatAdaptersWereCheckedAgainstLast() throws Exception {
        add("wide", wide.toString(), 16);
        assertThat(shape("wide").isNull()).isTrue();
        assertThat(ingest("sql", TestAdapter.write(adapter("a"), 4, 1, wide, "wide")))
                .isEqualTo("Ready wide");
        assertThat(shape("wide").path("layers").asInt()).isEqualTo(2);
        assertThat(shape("wide").path("hiddenSize").asInt()).isEqualTo(24);
        assertThat(shape("acme/base").isNull()).isTrue();

        catalog.close();
        TestAdapter.base(wide, 32);
        catalog = RunningCatalog.start(folder);
        assertThat(shape("wide").path("hiddenSize").asInt()).isEqualTo(24);
        assertThat(register("new", TestAdapter.write(adapter("b"), 4, 2, wide, "wide"), "wide"))
                .isEqualTo("Ready wide");
        assertThat(shape("wide").path("hiddenSize").asInt()).isEqualTo(32);
    }

    private JsonNode shape(String base) throws Exception {
        return catalog.json("/admin/v1/bases/" + base).path("shape");
    }

    @Test
    void aBaseTakesAdaptersOfItsModulesAlone() throws Exception {
        Path twin = TestAdapter.base(folder.resolve("adapters/twin-model"));
        HttpResponse<String> added =
                catalog.post(
                        "/admin/v1/bases",
                        """
                        {"name": "twin", "source": "FILE", "repo": "%s", "maxRank": 16,
                         "modules": ["k_proj", "attn_v"]}
                        """
                                .formatted(twin));
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(catalog.json("/admin/v1/bases/twin").path("modules").toString())
                .isEqualTo("[\"k_proj\",\"v_proj\"]");

        Path adapter = TestAdapter.write(adapter("a"), 4, 1, folder.resolve("base"), "org/unheard");
        assertThat(register("sql", adapter, "twin")).isEqualTo("Rejected twin MODULE_NOT_ALLOWED");
        JsonNode reason = catalog.json("/admin/v1/adapters/sql").at("/versions/0/reasons/0");
        assertThat(reason.path("found").asString()).contains("q_proj");
        assertThat(reason.path("allowed").asString()).isEqualTo("k_proj, v_proj");
        // it fits the shapes of both, and the modules of one
        assertThat(ingest("found", adapter)).isEqualTo("Ready acme/base");
    }

    /**
     * PEFT saves copies of the base in some cases, and they may be of another one. Who has the base
     * is told to compare them.
     */
    @Test
    void copiesOfTheBaseMustBeTheBasesWhereOtherModulesMayChangeAlone() throws Exception {
        Path twin = TestAdapter.base(folder.resolve("adapters/twin-model"));
        HttpResponse<String> added =
                catalog.post(
                        "/admin/v1/bases",
                        """
                        {"name": "twin", "source": "FILE", "repo": "%s", "maxRank": 16,
                         "modules": ["q_proj", "v_proj"]}
                        """
                                .formatted(twin));
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        Path plain = TestAdapter.write(adapter("a"), 4, 1, folder.resolve("base"), "acme/base");
        Path copy = TestAdapter.write(adapter("b"), 4, 2, folder.resolve("base"), "acme/base");
        TestAdapter.addEmbedding(copy, 3);

        assertThat(register("free", copy, "acme/base")).isEqualTo("Ready acme/base");
        assertThat(register("held", copy, "twin")).isEqualTo("Ready twin");
        assertThat(register("plain", plain, "acme/base")).isEqualTo("Ready acme/base");
        assertThat(register("bounded", plain, "twin")).isEqualTo("Ready twin");

        assertThat(digest("held")).isNotEqualTo(digest("free"));
        assertThat(digest("bounded")).isEqualTo(digest("plain"));
        String path = "/artifacts/v1/" + digest("held") + "/files/adapter_config.json";
        assertThat(catalog.json(path).path("weft_same_base").asBoolean()).isTrue();
    }

    private String digest(String name) throws Exception {
        return catalog.json("/admin/v1/adapters/" + name).at("/versions/0/digest").asString();
    }

    @Test
    void anAdapterStaysWithItsBase() throws Exception {
        add("wide", wide.toString(), 16);
        Path narrow = TestAdapter.write(adapter("a"), 4, 1, folder.resolve("base"), "acme/base");
        Path other = TestAdapter.write(adapter("b"), 4, 2, wide, "wide");
        assertThat(register("sql", other, "acme/base")).startsWith("Rejected acme/base SHAPE");
        assertThat(register("sql", other, "wide")).isEqualTo("Ready wide");

        HttpResponse<String> elsewhere = post("sql", narrow, "acme/base");
        assertThat(elsewhere.statusCode()).isEqualTo(409);
        assertThat(elsewhere.body()).contains("another name");
        assertThat(catalog.ingest("sql", narrow).path("state").asString()).isEqualTo("Rejected");
        HttpResponse<String> unknown = post("more", narrow, "llama");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("llama").contains("acme/base");
        assertThat(post("wide", narrow, null).statusCode()).isEqualTo(400);
        HttpResponse<String> inUse = catalog.delete("/admin/v1/bases/wide");
        assertThat(inUse.statusCode()).isEqualTo(409);
        assertThat(inUse.body()).contains("1 adapter(s)");
        assertThat(catalog.delete("/admin/v1/adapters/sql").statusCode()).isEqualTo(204);
        assertThat(catalog.delete("/admin/v1/bases/wide").statusCode()).isEqualTo(204);
    }

    @Test
    void followersHearOfBasesAndWhoseAnAdapterIs() throws Exception {
        CatalogView view = new CatalogView();
        try (FeedFollower follower = catalog.follower(view)) {
            follower.start();
            assertThat(follower.awaitInitialised(Duration.ofMinutes(1))).isTrue();
            assertThat(view.bases()).extracting(CatalogBase::name).containsExactly("acme/base");
            add("wide", wide.toString(), 16);
            until(() -> view.bases().size() == 2);
            assertThat(view.bases().getLast().root()).isEqualTo("FILE:" + wide);

            register("sql", TestAdapter.write(adapter("a"), 4, 1, wide, "x"), "wide");
            until(() -> base(view, "sql").equals("wide"));
            CatalogView late = new CatalogView();
            try (FeedFollower second = catalog.follower(late)) {
                second.start();
                assertThat(second.awaitInitialised(Duration.ofMinutes(1))).isTrue();
                assertThat(late.bases()).isEqualTo(view.bases());
                assertThat(base(late, "sql")).isEqualTo("wide");
            }
        }
    }

    @Test
    void aRenamedBaseKeepsItsAdapters() throws Exception {
        catalog.ingest("sql", TestAdapter.write(adapter("a"), 4, 1));
        catalog.close();
        catalog =
                RunningCatalog.start(
                        RunningCatalog.options(
                                folder,
                                Duration.ofSeconds(60),
                                null,
                                0,
                                "trt_llm.runtime.served_model_name=acme/renamed"));
        assertThat(catalog.json("/admin/v1/bases"))
                .extracting(base -> base.path("name").asString())
                .containsExactly("acme/renamed");
        assertThat(catalog.json("/admin/v1/adapters/sql").path("base").asString())
                .isEqualTo("acme/renamed");
    }

    private static String base(CatalogView view, String name) {
        return view.find(AdapterId.of(name))
                .flatMap(entry -> entry.main())
                .flatMap((ServedVersion version) -> view.base(version))
                .map(CatalogBase::name)
                .orElse("");
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private Path adapter(String name) {
        return folder.resolve("adapters").resolve(name);
    }

    private HttpResponse<String> add(String name, String repo, int maxRank) throws Exception {
        return catalog.post(
                "/admin/v1/bases",
                RunningCatalog.JSON.writeValueAsString(
                        Map.of("name", name, "source", "FILE", "repo", repo, "maxRank", maxRank)));
    }

    private HttpResponse<String> post(String name, Path repo, @Nullable String base)
            throws Exception {
        Map<String, String> body = new HashMap<>();
        body.put("name", name);
        body.put("source", "FILE");
        body.put("repo", repo.toString());
        body.put("base", base);
        return catalog.post("/admin/v1/adapters", RunningCatalog.JSON.writeValueAsString(body));
    }

    private String ingest(String name, Path repo) throws Exception {
        return register(name, repo, null);
    }

    /** Registers; returns the state, the base and the code of the first reason. */
    private String register(String name, Path repo, @Nullable String base) throws Exception {
        HttpResponse<String> answer = post(name, repo, base);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        JsonNode version =
                catalog.settled(RunningCatalog.JSON.readTree(answer.body()).path("id").asLong());
        JsonNode found = catalog.json("/admin/v1/adapters/" + name).path("base");
        List<String> codes =
                version.path("reasons").valueStream().map(r -> r.path("code").asString()).toList();
        return version.path("state").asString()
                + " "
                + (found.isNull() ? "null" : found.asString())
                + (codes.isEmpty() ? "" : " " + codes.getFirst());
    }
}
