package dev.weft.inference.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.inference.server.TestWorker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
        HttpServer catalog = catalog();
        try (TestWorker worker =
                TestWorker.startAsking(
                        data,
                        _ -> TestWorker.bytes("hi"),
                        URI.create("http://127.0.0.1:" + catalog.getAddress().getPort()))) {
            for (String path : ASKED) {
                assertThat(status(worker, path, null)).as(path).isIn(400, 401);
                assertThat(status(worker, path, "client")).as(path).isIn(400, 401, 404);
                assertThat(status(worker, path, "nobody")).as(path).isIn(400, 401);
            }
            assertThat(status(worker, "/v1/models", "service")).isEqualTo(200);
            assertThat(status(worker, "/metrics", "service")).isEqualTo(200);
            assertThat(status(worker, "/actuator/health/readiness", null)).isEqualTo(200);
            assertThat(status(worker, "/nothing", "service")).isEqualTo(404);
        } finally {
            catalog.stop(0);
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

    /** Knows three tokens by the names of their roles. */
    private static HttpServer catalog() throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/access/v1/whose",
                exchange -> {
                    String question =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    String token = question.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
                    byte[] answer =
                            (List.of("service", "client", "admin").contains(token)
                                            ? "{\"known\":true,\"name\":\"x\",\"role\":\""
                                                    + token
                                                    + "\"}"
                                            : "{\"known\":false}")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        return server;
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
