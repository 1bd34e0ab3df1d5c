package dev.weft.system.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Alone;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Copies an alias's requests to a candidate on the sample, with the real engine: from the admin API
 * over the gateway's copies to what the catalog says of them.
 */
@Alone
@ExtendWith(SampleFleet.class)
class ShadowedCandidateTest {
    private static final String NAME = "shadowed/style";
    private static final String ALIAS = "shadowed/prod";

    private static Admin admin;

    @BeforeAll
    static void twoVersions() throws Exception {
        admin = SampleFleet.fleet().admin();
        int number = 0;
        for (String adapter : List.of("french", "sql")) {
            admin.register(
                    NAME, Sample.copy(adapter, SampleFleet.adapters().resolve("shadowed-style")));
            int expected = ++number;
            Http.await(
                    adapter + " is ready",
                    () -> {
                        JsonNode versions = admin.show(NAME).get("versions");
                        return versions.size() == expected
                                && versions.get(0).get("state").asString().equals("Ready");
                    });
        }
        HttpResponse<String> set =
                Http.send(
                        HttpRequest.newBuilder(path("aliases/" + ALIAS))
                                .header("Content-Type", "application/json")
                                .header("If-None-Match", "*")
                                .PUT(
                                        HttpRequest.BodyPublishers.ofString(
                                                """
                                                {"targets":[{"adapter":"%s","version":1}]}\
                                                """
                                                        .formatted(NAME))));
        assertThat(set.statusCode()).as(set.body()).isLessThan(300);
    }

    @AfterAll
    static void remove() throws Exception {
        HttpResponse<String> _ =
                Http.send(
                        HttpRequest.newBuilder(path("aliases/" + ALIAS))
                                .header("If-Match", "*")
                                .DELETE());
        admin.remove(NAME);
    }

    @Test
    void aCandidateIsComparedAndNoClientSeesIt() throws Exception {
        Http.await("the alias is known", () -> ask(ALIAS).statusCode() == 200);
        String served = text(ask(ALIAS));
        // the candidate is loaded: a copy never takes an adapter's slot
        Http.await("the candidate answers", () -> ask(NAME + "@2").statusCode() == 200);
        long id = start();
        Http.await(
                () -> "enough is compared: " + told(id),
                () -> {
                    for (int i = 0; i < 4; i++) {
                        HttpResponse<String> answer = ask(ALIAS);
                        assertThat(answer.statusCode()).isEqualTo(200);
                        assertThat(answer.headers().firstValue("weft-version"))
                                .contains(NAME + "@1");
                        assertThat(text(answer)).isEqualTo(served);
                    }
                    return shadow(id).get("withinBounds").asBoolean();
                });
        JsonNode shadow = shadow(id);
        assertThat(shadow.get("state").asString()).isEqualTo("running");
        JsonNode likeness = shadow.get("likeness");
        assertThat(likeness.get("pairs").asLong()).isGreaterThanOrEqualTo(8);
        assertThat(likeness.get("greedy").asLong()).isEqualTo(likeness.get("pairs").asLong());
        // another adapter answers otherwise
        assertThat(likeness.get("sameText").asDouble()).isZero();
        assertThat(likeness.get("commonPrefix").asDouble()).isBetween(0.0, 0.99);
        assertThat(shadow.get("tokens").asLong()).isPositive();
        HttpResponse<String> ended =
                Http.send(HttpRequest.newBuilder(path("shadows/" + id)).DELETE());
        assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
        assertThat(audit()).contains("shadow.start", "shadow.ended");
        assertThat(Http.get(SampleFleet.fleet().gateway().resolve("/actuator/prometheus")).body())
                .containsPattern(
                        "weft_gateway_shadow_copies_total\\{outcome=\"answered\"[^}]*} [1-9]");
    }

    private static long start() throws Exception {
        HttpResponse<String> started =
                Http.post(
                        path("shadows"),
                        """
                        {"alias": "%s", "to": {"adapter": "%s", "version": 2}, "share": 1,
                         "maxTokens": 1000000, "time": "1h", "minRequests": 8,
                         "bounds": {"errorRate": 0.02, "firstToken": 100}}\
                        """
                                .formatted(ALIAS, NAME));
        assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
        return Http.json(started).get("id").asLong();
    }

    private static HttpResponse<String> ask(String model) throws Exception {
        return Http.send(
                HttpRequest.newBuilder(
                                SampleFleet.fleet().gateway().resolve("/v1/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        """
                                        {"model":"%s","max_tokens":6,"temperature":0,"stream":true,
                                         "messages":[{"role":"user","content":"all orders"}]}\
                                        """
                                                .formatted(model))));
    }

    /** The text of a stream. */
    private static String text(HttpResponse<String> answer) {
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .flatMap(line ->
                        JsonMapper.shared()
                                .readTree(line.substring(6))
                                .path("choices")
                                .valueStream())
                .map(choice -> choice.path("delta").path("content").asString(""))
                .collect(Collectors.joining());
    }

    private static JsonNode shadow(long id) throws Exception {
        return Http.json(Http.get(path("shadows/" + id)));
    }

    private static String told(long id) {
        try {
            return shadow(id).toString();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static List<String> audit() throws Exception {
        return Http.json(Http.get(path("audit?size=500")))
                .get("items")
                .valueStream()
                .filter(entry -> entry.get("subject").asString().equals(ALIAS))
                .map(entry -> entry.get("action").asString())
                .toList();
    }

    private static URI path(String path) {
        return admin.catalog().resolve("/admin/v1/" + path);
    }
}
