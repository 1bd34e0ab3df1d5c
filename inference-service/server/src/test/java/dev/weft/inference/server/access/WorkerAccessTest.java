package dev.weft.inference.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.TestWorker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may use a worker. */
class WorkerAccessTest {
    private static final List<String> ASKED =
            List.of(
                    "/v1/models",
                    "/%761/models",
                    "/v1;x/models",
                    "/metrics",
                    "/%6detrics",
                    "/actuator/prometheus",
                    "/actuator/health",
                    "/tokenize",
                    "/%74okenize",
                    "/nothing");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir private Path data;

    @Test
    void withKeysOnlyServicesMayAndEveryRouteHasItsRule() throws Exception {
        try (TokenCatalog catalog = new TokenCatalog();
                TestWorker worker =
                        TestWorker.startAsking(
                                data, _ -> TestWorker.bytes("hi"), catalog.address())) {
            for (String path : ASKED) {
                assertThat(status(worker, path, null)).as(path).isIn(400, 401);
                assertThat(status(worker, path, "client")).as(path).isIn(400, 401, 404);
                assertThat(status(worker, path, "nobody")).as(path).isIn(400, 401);
            }
            assertThat(status(worker, "/v1/models", "service")).isEqualTo(200);
            assertThat(status(worker, "/metrics", "service")).isEqualTo(200);
            assertThat(status(worker, "/actuator/health/readiness", null)).isEqualTo(200);
            assertThat(status(worker, "/nothing", "service")).isEqualTo(404);
        }
    }

    @Test
    void withoutKeysOnLoopbackProgramsOfThisMachineMayWhateverTokenTheySend() throws Exception {
        try (TestWorker worker = TestWorker.start(data, _ -> TestWorker.bytes("hi"))) {
            assertThat(status(worker, "/v1/models", null)).isEqualTo(200);
            assertThat(status(worker, "/v1/models", "sk-any")).isEqualTo(200);
            assertThat(status(worker, "/metrics", null)).isEqualTo(200);
        }
    }

    private int status(TestWorker worker, String path, @Nullable String token) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(worker.service.address() + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
