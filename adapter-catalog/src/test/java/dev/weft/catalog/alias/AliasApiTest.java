package dev.weft.catalog.alias;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Aliases, sharing and the audit log over HTTP. */
class AliasApiTest {
    @TempDir private static Path folder;

    @AutoClose private static RunningCatalog catalog;

    @BeforeAll
    static void start() throws Exception {
        Path repo = Files.createDirectories(folder.resolve("adapters")).resolve("sql");
        catalog = RunningCatalog.start(folder);
        for (int seed = 1; seed <= 2; seed++) {
            TestAdapter.write(repo, 4, seed);
            assertThat(catalog.ingest("sql", repo).path("version").asInt()).isEqualTo(seed);
        }
    }

    @Test
    void anAliasIsSetMovedRolledBackAndRemovedByItsETag() throws Exception {
        HttpResponse<String> made = put("aliases/team/prod", target(1, 1));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        assertThat(made.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(put("aliases/team/prod", target(2, 1)).statusCode()).isEqualTo(428);
        assertThat(put("aliases/team/prod", target(2, 1), "If-Match", "\"7\"").statusCode())
                .isEqualTo(412);
        assertThat(put("aliases/team/prod", target(2, 1), "If-None-Match", "*").statusCode())
                .isEqualTo(412);
        HttpResponse<String> moved = put("aliases/team/prod", target(2, 1), "If-Match", "\"1\"");
        assertThat(moved.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(versions(catalog.json("/admin/v1/aliases/team/prod").path("targets")))
                .containsExactly(2);

        HttpResponse<String> back = post("aliases/team/prod/rollback", "If-Match", "\"2\"");
        assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
        assertThat(versions(RunningCatalog.JSON.readTree(back.body()).path("targets")))
                .containsExactly(1);
        assertThat(post("aliases/team/prod/rollback", "If-Match", "\"3\"").statusCode())
                .isEqualTo(409);
        assertThat(post("aliases/team/prod/rollback").statusCode()).isEqualTo(428);
        assertThat(post("aliases/team/prod/rollback?to=x", "If-Match", "*").statusCode())
                .isEqualTo(400);

        assertThat(delete("aliases/team/prod").statusCode()).isEqualTo(428);
        assertThat(delete("aliases/team/prod", "If-Match", "\"3\"").statusCode()).isEqualTo(204);
        assertThat(catalog.get("/admin/v1/aliases/team/prod").statusCode()).isEqualTo(404);

        JsonNode audit = catalog.json("/admin/v1/audit?size=4");
        assertThat(audit.path("items"))
                .extracting(e -> e.path("action").asString())
                .containsExactly("alias.delete", "alias.rollback", "alias.set", "alias.set");
        JsonNode rollback = audit.path("items").get(1);
        assertThat(versions(rollback.path("before").path("targets"))).containsExactly(2);
        assertThat(versions(rollback.path("after").path("targets"))).containsExactly(1);
        assertThat(rollback.path("actor").asString()).isEqualTo("anonymous");
        assertThat(catalog.json(audit.path("next").asString()).path("items"))
                .isNotEmpty()
                .allSatisfy(e ->
                        assertThat(e.path("id").asLong())
                                .isLessThan(audit.path("items").get(3).path("id").asLong()));
    }

    @Test
    void aliasesAreListedInOrderPageAfterPage() throws Exception {
        for (String name : List.of("l/b", "l/a", "l/c")) {
            assertThat(put("aliases/" + name, target(1, 1)).statusCode()).isEqualTo(200);
        }
        List<String> names = new ArrayList<>();
        String next = "/admin/v1/aliases?size=2&after=l/";
        while (!next.isEmpty()) {
            JsonNode page = catalog.json(next);
            page.path("items").forEach(item -> names.add(item.path("name").asString()));
            next = page.path("next").asString("");
        }
        assertThat(names).startsWith("l/a", "l/b", "l/c");
    }

    @Test
    void everyFaultOfATargetIsNamed() throws Exception {
        HttpResponse<String> answer =
                put(
                        "aliases/bad",
                        """
                        {"targets": [{"adapter": "sql", "version": 1, "weight": 0},
                                     {"adapter": "a b", "version": "1", "wieght": 3}], "x": 1}
                        """);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(RunningCatalog.JSON.readTree(answer.body()).path("errors"))
                .extracting(e -> e.path("field").asString())
                .containsExactlyInAnyOrder(
                        "x",
                        "targets[0].weight",
                        "targets[1].adapter",
                        "targets[1].version",
                        "targets[1].wieght");
        for (String body : List.of("{}", "{\"targets\":[]}", "{\"targets\":{}}", "[]", "")) {
            assertThat(put("aliases/bad", body).statusCode()).as(body).isEqualTo(400);
        }
        HttpResponse<String> unready = put("aliases/bad", target(9, 1));
        assertThat(unready.statusCode()).isEqualTo(400);
        assertThat(unready.body()).contains("targets[0]", "sql@9", "that are Ready: 2, 1");
        assertThat(put("aliases/bad", target(1, 1), "If-Match", "x").statusCode()).isEqualTo(400);
    }

    @Test
    void anAdapterIsSharedAndSaysSo() throws Exception {
        HttpResponse<String> shared =
                put("adapters/sql/sharing", "{\"tenants\": [\"team-b\", \"team-a\"]}");
        assertThat(shared.statusCode()).as(shared.body()).isEqualTo(200);
        assertThat(catalog.json("/admin/v1/adapters/sql").path("sharedWith"))
                .extracting(JsonNode::asString)
                .containsExactly("team-a", "team-b");
        for (String body : List.of("{}", "{\"tenants\":\"*\"}", "{\"tenants\":[\"a b\"]}")) {
            assertThat(put("adapters/sql/sharing", body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(put("adapters/sql/sharing", "{\"tenants\": []}").statusCode()).isEqualTo(200);
        assertThat(put("adapters/none/sharing", "{\"tenants\": []}").statusCode()).isEqualTo(404);
        assertThat(put("adapters/sql/other", "{}").statusCode()).isEqualTo(404);
    }

    private static List<Integer> versions(JsonNode targets) {
        List<Integer> versions = new ArrayList<>();
        targets.forEach(target -> versions.add(target.path("version").asInt()));
        return versions;
    }

    private static String target(int version, int weight) {
        return "{\"targets\": [{\"adapter\": \"sql\", \"version\": %d, \"weight\": %d}]}"
                .formatted(version, weight);
    }

    private static HttpResponse<String> put(String path, String body, String... headers)
            throws Exception {
        return send("PUT", path, body, headers);
    }

    private static HttpResponse<String> post(String path, String... headers) throws Exception {
        return send("POST", path, "", headers);
    }

    private static HttpResponse<String> delete(String path, String... headers) throws Exception {
        return send("DELETE", path, "", headers);
    }

    private static HttpResponse<String> send(
            String method, String path, String body, String... headers) throws Exception {
        var request =
                catalog.to("/admin/v1/" + path)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return catalog.client().send(request.build(), BodyHandlers.ofString());
    }
}
