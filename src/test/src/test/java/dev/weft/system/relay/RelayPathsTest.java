package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Paths that make no text: a server beside the worker may have them, the embedded engine not. */
@ExtendWith(SampleFleet.class)
class RelayPathsTest {
    @TempDir private Path folder;

    private static HttpResponse<String> post(URI gateway, String path, String model)
            throws Exception {
        return Http.post(
                gateway.resolve(path), "{\"model\":\"" + model + "\",\"input\":\"a text\"}");
    }

    @Test
    void embeddingsAreTheServersUnderTheClientsName() throws Exception {
        try (RelayFleet<VllmStub> relay = RelayFleet.start(folder, VllmStub.Errors.PYTHON, 1, 2)) {
            HttpResponse<String> answer = post(relay.gateway(), "/v1/embeddings", "sql");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode body = Http.json(answer);
            assertThat(body.path("model").asString()).isEqualTo("sql");
            JsonNode first = body.path("data").path(0).path("embedding").path(0);
            assertThat(first.asInt()).isNotZero();
            JsonNode ofBase = Http.json(post(relay.gateway(), "/v1/embeddings", Sample.BASE));
            assertThat(ofBase.path("data").path(0).path("embedding").path(0).asInt()).isZero();
            HttpResponse<String> none = post(relay.gateway(), "/v1/rerank", "sql");
            assertThat(none.statusCode()).isEqualTo(404);
            assertThat(none.body()).contains("does not serve /v1/rerank");
            // vLLM has it at another path
            assertThat(post(relay.gateway(), "/v1/classify", "sql").statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/embeddings", "/v1/classify"})
    void theEmbeddedEngineSaysWhichModelsItTakes(String path) throws Exception {
        HttpResponse<String> answer = post(SampleFleet.fleet().gateway(), path, "sql");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Http.json(answer).path("error").path("message").asString())
                .contains("'sql'", "task_type");
    }
}
