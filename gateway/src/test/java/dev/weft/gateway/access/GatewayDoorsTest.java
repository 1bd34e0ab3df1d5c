package dev.weft.gateway.access;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.post;
import static dev.weft.gateway.Gateways.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests ways around the rules of access, as an intruder would try them. */
class GatewayDoorsTest {
    private FakeCatalog catalog;
    private FakeWorker worker;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog(FakeCatalog.adapter("sql", 1));
        catalog.tokens.put("key", Optional.of("default"));
        catalog.tokens.put("service", Optional.empty());
        worker = new FakeWorker(BASE, 0);
    }

    @AfterEach
    void stop() {
        worker.close();
        catalog.close();
    }

    @Test
    void withKeysNoSpellingOfAnAddressOpensIt() throws Exception {
        try (GatewayService gateway =
                Gateways.startWithKeys(catalog.address(), Clock.systemUTC(), worker.address())) {
            for (String path :
                    List.of(
                            "/actuator/prometheus",
                            "/%61ctuator/prometheus",
                            "/actuator;x/prometheus",
                            "/actuator/health",
                            "/actuator",
                            "/v1/models",
                            "/%761/models",
                            "/v1;x/models",
                            "/v1/models/sql",
                            "/v1/chat/completions",
                            "/v1/%63ompletions",
                            "/nothing")) {
                for (String method : List.of("GET", "HEAD", "POST", "OPTIONS")) {
                    assertThat(status(gateway, method + " " + path + " HTTP/1.1"))
                            .as(method + " " + path)
                            .isIn(400, 401);
                }
            }
            assertThat(status(gateway, "GET /actuator/health/liveness HTTP/1.1")).isEqualTo(200);
        }
        assertThat(worker.gotNothing()).isTrue();
    }

    @Test
    void metricsAreForServices() throws Exception {
        try (GatewayService gateway =
                Gateways.startWithKeys(catalog.address(), Clock.systemUTC(), worker.address())) {
            String metrics = "GET /actuator/prometheus HTTP/1.1\r\nAuthorization: Bearer ";
            assertThat(status(gateway, metrics + "key")).isEqualTo(401);
            assertThat(status(gateway, metrics + "service")).isEqualTo(200);
        }
    }

    @Test
    void whatSaysWhoAClientIsStaysHere() throws Exception {
        try (GatewayService gateway =
                Gateways.startWithKeys(catalog.address(), Clock.systemUTC(), worker.address())) {
            Gateways.awaitReady(gateway);
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    post(
                                            gateway,
                                            "/v1/chat/completions",
                                            "{\"model\":\"" + BASE + "\"}"),
                                    (_, _) -> true)
                            .header("Authorization", "Bearer key")
                            .header("Cookie", "session=1")
                            .header("X-Api-Key", "another")
                            .header("Origin", "https://app.example.com")
                            .build();
            assertThat(send(request).statusCode()).isEqualTo(200);
            FakeWorker.Received received = worker.next();
            for (String name : List.of("authorization", "cookie", "x-api-key", "origin")) {
                assertThat(received.headers().contains(name)).as(name).isFalse();
            }
        }
    }

    @Test
    void onLoopbackWithoutKeysProgramsOfThisMachineNeedNothingAndPagesAreRefused()
            throws Exception {
        try (GatewayService gateway =
                Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address())) {
            assertThat(status(gateway, "GET /v1/models HTTP/1.1\r\nAuthorization: Bearer sk-any"))
                    .isEqualTo(200);
            assertThat(status(gateway, "GET /actuator/prometheus HTTP/1.1")).isEqualTo(200);
            for (String header :
                    List.of(
                            "Origin: https://example.com",
                            "Origin: null",
                            "Sec-Fetch-Site: cross-site")) {
                assertThat(status(gateway, "GET /v1/models HTTP/1.1\r\n" + header))
                        .as(header)
                        .isEqualTo(403);
            }
        }
    }

    /** The status of the answer; {@code Host} is added. */
    private static int status(GatewayService gateway, String request) throws IOException {
        int port = gateway.address().getPort();
        int line = (request + "\r\n").indexOf("\r\n");
        String rest = request.substring(line);
        String whole =
                request.substring(0, line) + "\r\nHost: 127.0.0.1:" + port + rest + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(whole.getBytes(StandardCharsets.UTF_8));
            byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            return Integer.parseInt(
                    new String(head, StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length()));
        }
    }
}
