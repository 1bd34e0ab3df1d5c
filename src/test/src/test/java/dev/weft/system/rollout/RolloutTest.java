package dev.weft.system.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.errors.NotFoundException;
import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Checks versions, aliases and orders from the admin API to the answers of the sample. */
@ExtendWith(SampleFleet.class)
class RolloutTest {
    private static final String NAME = "rollout/style";

    private static Client client;
    private static Admin admin;
    private static Sample.Prompt prompt;

    @BeforeAll
    static void twoVersions() throws Exception {
        client = new Client(SampleFleet.fleet().gateway());
        admin = SampleFleet.fleet().admin();
        prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> !p.of("sql").close() && !p.of("french").close())
                        .findFirst()
                        .orElseThrow();
        for (String adapter : new String[] {"french", "sql"}) {
            admin.register(
                    NAME, Sample.copy(adapter, SampleFleet.adapters().resolve("rollout-style")));
            Http.await(
                    NAME + " leads to " + adapter,
                    () -> {
                        JsonNode versions = admin.show(NAME).get("versions");
                        return versions.size() == (adapter.equals("sql") ? 2 : 1)
                                && versions.get(0).get("state").asString().equals("Ready");
                    });
        }
    }

    @AfterAll
    static void remove() throws Exception {
        admin.remove(NAME);
        client.close();
    }

    @Test
    void aNameIsRolledBackAndItsVersionsArePinned() throws Exception {
        awaitAnswer(NAME, "sql");
        assertThat(client.ask(NAME + "@1", prompt.text())).isEqualTo(answer("french"));
        String digest = admin.show(NAME).get("versions").get(1).get("digest").asString();
        assertThat(client.ask(digest, prompt.text())).isEqualTo(answer("french"));

        put("aliases/" + NAME, target(1));
        awaitAnswer(NAME, "french");
        assertThat(client.ask(NAME + "@2", prompt.text())).isEqualTo(answer("sql"));
        delete("aliases/" + NAME);
        awaitAnswer(NAME, "sql");
    }

    @Test
    void aCanaryIsAnsweredByBothVersions() throws Exception {
        put("aliases/rollout/canary", target(1, 2));
        Set<String> seen = new HashSet<>();
        Http.await(
                "both versions have answered",
                () -> {
                    seen.add(ask("rollout/canary"));
                    return seen.contains(answer("french")) && seen.contains(answer("sql"));
                });
        assertThat(seen).isSubsetOf(answer("french"), answer("sql"), "");
        delete("aliases/rollout/canary");
    }

    @Test
    void aPrefetchAndAPinReachTheWorker() throws Exception {
        Http.await("the worker has reported", () -> get("workers").size() == 1);
        for (String kind : new String[] {"prefetch", "pin"}) {
            HttpResponse<String> ordered =
                    Http.post(
                            path("orders"),
                            "{\"kind\":\"%s\",\"adapter\":\"%s\",\"version\":1,\"workers\":[\"*\"]}"
                                    .formatted(kind, NAME));
            assertThat(ordered.statusCode()).as(ordered.body()).isEqualTo(202);
            long order = Http.json(ordered).get(0).get("id").asLong();
            Http.await(kind + " is done", () -> done(order));
        }
        Http.await(
                "version 1 is pinned in a slot",
                () -> {
                    for (JsonNode item : get("residency?adapter=" + NAME)) {
                        JsonNode held = item.get("held");
                        if (item.get("version").asInt() == 1
                                && held.get("tier").asString().equals("slot")
                                && held.get("pinned").asBoolean()) {
                            return held.get("loadSeconds").asDouble() > 0;
                        }
                    }
                    return false;
                });
        for (JsonNode order : get("orders")) {
            Http.send(HttpRequest.newBuilder(path("orders/" + order.get("id"))).DELETE());
        }
    }

    private static boolean done(long id) throws Exception {
        for (JsonNode order : get("orders")) {
            if (order.get("id").asLong() == id) {
                assertThat(order.get("failure").isNull()).as("%s", order).isTrue();
                return order.get("state").asString().equals("done");
            }
        }
        return false;
    }

    private static void awaitAnswer(String model, String adapter) throws Exception {
        Http.await(model + " answers as " + adapter, () -> answer(adapter).equals(ask(model)));
    }

    /** Asks a model; empty if the gateway doesn't know it yet. */
    private static String ask(String model) {
        try {
            return client.ask(model, prompt.text());
        } catch (NotFoundException e) {
            return "";
        }
    }

    private static String answer(String adapter) {
        return prompt.of(adapter).answer();
    }

    private static String target(int... versions) {
        StringBuilder targets = new StringBuilder();
        for (int version : versions) {
            targets.append(targets.isEmpty() ? "" : ",")
                    .append("{\"adapter\":\"%s\",\"version\":%d}".formatted(NAME, version));
        }
        return "{\"targets\":[" + targets + "]}";
    }

    private static void put(String path, String body) throws Exception {
        HttpResponse<String> answer =
                Http.send(
                        HttpRequest.newBuilder(path(path))
                                .header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void delete(String path) throws Exception {
        HttpResponse<String> answer =
                Http.send(HttpRequest.newBuilder(path(path)).header("If-Match", "*").DELETE());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    private static JsonNode get(String path) throws Exception {
        return Http.json(Http.get(path(path)));
    }

    private static URI path(String path) {
        return admin.catalog().resolve("/admin/v1/" + path);
    }
}
