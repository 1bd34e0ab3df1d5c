package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.http.relay.RelayEndpoint;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds at each path that a worker before vLLM's stub relays. */
class RelayInterfacesTest {
    private static final String ONE_TOKEN =
            """
            {"model":"%s","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}\
            """
                    .formatted(Sample.BASE);

    @TempDir private static Path shared;
    @AutoClose private static RelayFleet<VllmStub> relay;

    @BeforeAll
    static void start() throws Exception {
        relay = RelayFleet.start(shared, VllmStub.Errors.PYTHON, 1, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages"})
    void tenantsHaveASaltAtEachInterface(String path) throws Exception {
        HttpRequest.Builder asked =
                HttpRequest.newBuilder(relay.fleet.worker().resolve(path))
                        .header("Content-Type", "application/json")
                        .header("weft-tenant", "acme")
                        .POST(HttpRequest.BodyPublishers.ofString(ONE_TOKEN));
        HttpResponse<String> answer = Http.send(asked);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(new String(relay.stub.received(), StandardCharsets.UTF_8))
                .containsPattern("\"cache_salt\":\"[^\"]{20,}\"");
    }

    private static int status(URI address, String method) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString("{}"));
        return Http.send(request).statusCode();
    }

    /** Also a path below another one. A request without a model is refused by who relays it. */
    @Test
    void eachRelayedPathTakesPostsAlone() throws Exception {
        for (String path : RelayEndpoint.PATHS) {
            URI worker = relay.fleet.worker().resolve(path);
            assertThat(status(worker, "POST")).as(path).isEqualTo(400);
            assertThat(status(worker, "PUT")).as(path).isEqualTo(405);
            if (path.startsWith("/v1/")) {
                URI gateway = relay.gateway().resolve(path);
                assertThat(status(gateway, "POST")).as(path).isEqualTo(400);
                assertThat(status(gateway, "PUT")).as(path).isEqualTo(405);
            }
        }
        assertThat(status(relay.fleet.worker().resolve("/v1/messages/batches"), "POST"))
                .isEqualTo(404);
    }

    @Test
    void theTokensOfAMessageAreCounted() throws Exception {
        HttpResponse<String> answer =
                Http.post(relay.gateway().resolve("/v1/messages/count_tokens"), ONE_TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Http.json(answer).path("input_tokens").asInt()).isEqualTo(1);
    }

    @Test
    void bytesThatAreNoCharactersDoNotReachTheServer() throws Exception {
        byte[] body = ONE_TOKEN.replace("hi", "\u00c0\u00af").getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> answer =
                Http.send(
                        HttpRequest.newBuilder(relay.chat())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Http.json(answer).path("error").path("message").asString()).contains("UTF-8");
        assertThat(relay.stub.received()).isNotEqualTo(body);
    }

    @Test
    void errorsOfTheServersFrameworkLookLikeOthers() throws Exception {
        HttpResponse<String> answer =
                Http.post(
                        relay.fleet.worker().resolve("/tokenize"),
                        "{\"model\":\"%s\"}".formatted(Sample.BASE));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Http.json(answer).path("error").path("message").asString())
                .isEqualTo("body.prompt: Field required");
    }
}
