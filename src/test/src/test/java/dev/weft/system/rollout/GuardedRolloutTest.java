package dev.weft.system.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Rolls aliases out on the sample, from the admin API over the gateway's figures to the alias: to a
 * version that is fine, and to one whose files are lost, so that no worker can load it.
 */
@Alone
@ExtendWith(SampleFleet.class)
class GuardedRolloutTest {
    private static final String NAME = "guarded/style";

    private static Admin admin;

    @BeforeAll
    static void threeVersions() throws Exception {
        admin = SampleFleet.fleet().admin();
        int number = 0;
        for (String adapter : List.of("french", "sql", "json")) {
            Path folder = Sample.copy(adapter, SampleFleet.adapters().resolve("guarded-style"));
            if (adapter.equals("json")) {
                // content of its own, which no worker has yet
                Path config = folder.resolve("adapter_config.json");
                String text = Files.readString(config);
                Files.writeString(config, text.replace("\"lora_alpha\": 8", "\"lora_alpha\": 9"));
            }
            admin.register(NAME, folder);
            int expected = ++number;
            Http.await(
                    adapter + " is ready",
                    () -> {
                        JsonNode versions = admin.show(NAME).get("versions");
                        return versions.size() == expected
                                && versions.get(0).get("state").asString().equals("Ready");
                    });
        }
    }

    @AfterAll
    static void remove() throws Exception {
        for (String alias : List.of("guarded/fine", "guarded/lost")) {
            HttpResponse<String> _ =
                    Http.send(
                            HttpRequest.newBuilder(path("aliases/" + alias))
                                    .header("If-Match", "*")
                                    .DELETE());
        }
        admin.remove(NAME);
    }

    @Test
    void aVersionThatIsFineGetsAllRequestsInTheEnd() throws Exception {
        String alias = "guarded/fine";
        long id = start(alias, 2, ", \"firstToken\": 100");
        Http.await("the alias is known", () -> ask(alias, "caller").statusCode() == 200);
        Http.await(
                () -> "the rollout is done: " + told(id),
                () -> {
                    // others each time: some of those that have the version before get the new one
                    for (int i = 0; i < 8; i++) {
                        String caller = "caller-" + i + "-" + System.nanoTime();
                        assertThat(ask(alias, caller).statusCode()).isEqualTo(200);
                    }
                    return rollout(id).get("state").asString().equals("done");
                });
        assertThat(leads(alias)).isEqualTo(List.of(NAME + "@2"));
        assertThat(audit(alias))
                .contains("rollout.start", "rollout.step", "rollout.done")
                .doesNotContain("rollout.returned");
    }

    @Test
    void aVersionThatFailsGivesItsRequestsBackAndSaysWhy() throws Exception {
        JsonNode lost = admin.show(NAME).get("versions").get(0);
        assertThat(lost.get("version").asInt()).isEqualTo(3);
        loseArtifact(lost.get("digest").asString());
        String alias = "guarded/lost";
        long id = start(alias, 3, "");
        Map<String, String> callers = callers(alias);
        Http.await(
                () -> "the rollout has returned: " + told(id),
                () -> {
                    // in turns: a worker at which five requests in a row fail gets none for a while
                    for (String caller : callers.values()) {
                        HttpResponse<String> _ = ask(alias, caller);
                    }
                    return rollout(id).get("state").asString().equals("returned");
                });
        JsonNode returned = rollout(id);
        assertThat(returned.get("bound").asString()).isEqualTo("errorRate");
        assertThat(returned.get("reason").asString())
                .contains("100.00 % of", "requests of " + NAME + "@3 failed");
        assertThat(leads(alias)).isEqualTo(List.of(NAME + "@1"));
        assertThat(audit(alias)).contains("rollout.start", "rollout.returned");
        Http.await(
                "everybody gets the version before",
                () -> {
                    for (String caller : callers.values()) {
                        if (ask(alias, caller).statusCode() != 200) {
                            return false;
                        }
                    }
                    return true;
                });
        assertThat(
                        Http.get(admin.catalog().resolve("/actuator/prometheus"))
                                .body()
                                .lines()
                                .filter(line ->
                                        line.startsWith("weft_catalog_rollout_moves_total")
                                                && line.contains("move=\"returned\"")
                                                && line.contains("bound=\"errorRate\"")))
                .singleElement()
                .asString()
                .endsWith(" 1.0");
    }

    private static long start(String alias, int to, String bounds) throws Exception {
        String plan =
                """
                {"alias": "%s", "from": {"adapter": "%s", "version": 1},
                 "to": {"adapter": "%s", "version": %d},
                 "steps": [{"weight": 30, "time": "1s"}, {"weight": 50, "time": "1s"}],
                 "bounds": {"errorRate": 0.02%s}, "alpha": 0.05, "minRequests": 12}\
                """
                        .formatted(alias, NAME, NAME, to, bounds);
        HttpResponse<String> started = Http.post(path("rollouts"), plan);
        assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
        return Http.json(started).get("id").asLong();
    }

    /** A caller for each version that the alias leads to, by the version. */
    private static Map<String, String> callers(String alias) throws Exception {
        Map<String, String> callers = new TreeMap<>();
        Http.await(
                alias + " leads to two versions",
                () -> {
                    String caller = "caller-" + callers.size() + "-" + System.nanoTime();
                    ask(alias, caller)
                            .headers()
                            .firstValue("weft-version")
                            .ifPresent(version -> callers.putIfAbsent(version, caller));
                    return callers.size() == 2;
                });
        return callers;
    }

    private static HttpResponse<String> ask(String alias, String caller) throws Exception {
        return Http.send(
                HttpRequest.newBuilder(
                                SampleFleet.fleet().gateway().resolve("/v1/chat/completions"))
                        .header("Content-Type", "application/json")
                        .header("x-session-id", caller)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        """
                                        {"model":"%s","max_tokens":3,"stream":true,"messages":[
                                        {"role":"user","content":"all orders"}]}\
                                        """
                                                .formatted(alias))));
    }

    private static void loseArtifact(String digest) throws IOException {
        Path artifacts = SampleFleet.adapters().resolveSibling("data").resolve("catalog/artifacts");
        String hex = digest.replace("sha256:", "");
        try (Stream<Path> found = Files.walk(artifacts)) {
            List<Path> files =
                    found.filter(path -> path.toString().contains(hex))
                            .sorted(Comparator.reverseOrder())
                            .toList();
            assertThat(files).isNotEmpty();
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static JsonNode rollout(long id) throws Exception {
        return Http.json(Http.get(path("rollouts/" + id)));
    }

    private static String told(long id) {
        try {
            return rollout(id).toString();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static List<String> leads(String alias) throws Exception {
        return Http.json(Http.get(path("aliases/" + alias)))
                .get("targets")
                .valueStream()
                .map(target ->
                        target.get("adapter").asString() + "@" + target.get("version").asInt())
                .toList();
    }

    private static List<String> audit(String alias) throws Exception {
        return Http.json(Http.get(path("audit?size=500")))
                .get("items")
                .valueStream()
                .filter(entry -> entry.get("subject").asString().equals(alias))
                .map(entry -> entry.get("action").asString())
                .toList();
    }

    private static URI path(String path) {
        return admin.catalog().resolve("/admin/v1/" + path);
    }
}
