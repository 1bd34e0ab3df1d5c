package dev.weft.catalog.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tries ways around the rules of access, as an intruder would. */
class CatalogDoorsTest {
    @TempDir private Path folder;

    @Test
    void noSpellingOfAnAddressOpensIt() throws Exception {
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            assertThat(
                            catalog.post(
                                            "/admin/v1/tokens",
                                            "{\"name\":\"root\",\"role\":\"admin\"}")
                                    .statusCode())
                    .isEqualTo(201);
            for (String path :
                    List.of(
                            "/admin/v1/tokens",
                            "/%61dmin/v1/tokens",
                            "/admin;x/v1/tokens",
                            "/admin;x=y/v1/workers",
                            "//admin/v1/tokens",
                            "/./admin/v1/tokens",
                            "/openapi.json/../admin/v1/tokens",
                            "/openapi.json/%2e%2e/admin/v1/tokens",
                            "/admin%2fv1%2ftokens",
                            "/admin/v1/tokens/",
                            "/ADMIN/v1/tokens",
                            "/%2561dmin/v1/tokens",
                            "/%66eed/v1/events",
                            "/feed/v1/events",
                            "/%61rtifacts/v1/sha256:" + "0".repeat(64),
                            "/actuator/prometheus",
                            "/%61ctuator/prometheus",
                            "/actuator/health",
                            "/actuator",
                            "/openapi.json/x",
                            "/openapi.json;x",
                            "/openapi",
                            "/v3/api-docs",
                            "/actuator/health/readiness/database",
                            "/nothing")) {
                for (String method : List.of("GET", "HEAD", "POST", "OPTIONS", "TRACE", "QUERY")) {
                    assertThat(raw(catalog.address(), method, path))
                            .as(method + " " + path)
                            .isIn(400, 401, 501);
                }
            }
            assertThat(raw(catalog.address(), "POST", "/%72esidency/v1/reports")).isEqualTo(400);
            assertThat(raw(catalog.address(), "GET", "/openapi.json")).isEqualTo(200);
        }
    }

    /**
     * Requests that a web page can send without asking, with or without the Origin that a browser
     * adds.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/plain",
                "Content-Type: text/plain; x=application/json",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Type: multipart/form-data; boundary=x",
                "X-Nothing: a body without a type",
                "Content-Type: application/json\r\nOrigin: https://example.com",
                "Content-Type: application/json\r\nOrigin: null",
                "Content-Type: application/json\r\nOrigin: http://localhost:3000",
                "Content-Type: application/json\r\nSec-Fetch-Site: cross-site",
                "Content-Type: application/json\r\nSec-Fetch-Site: same-site"
            })
    void aPageOfAnotherOriginChangesNothing(String headers) throws Exception {
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            String body = "{\"name\":\"root\",\"role\":\"admin\"}";
            assertThat(
                            send(
                                    catalog.address(),
                                    "POST /admin/v1/tokens HTTP/1.1\r\nHost: 127.0.0.1:"
                                            + catalog.address().getPort()
                                            + "\r\n"
                                            + headers
                                            + "\r\nContent-Length: "
                                            + body.length()
                                            + "\r\n\r\n"
                                            + body))
                    .isIn(403, 415);
            HttpResponse<String> tokens = catalog.get("/admin/v1/tokens");
            assertThat(tokens.statusCode()).isEqualTo(200);
            assertThat(tokens.body()).isEqualTo("[]");
        }
    }

    @Test
    void aNameThatLeadsToLoopbackIsNoNameOfThisMachine() throws Exception {
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            int port = catalog.address().getPort();
            for (String host :
                    List.of(
                            "evil.example",
                            "127.0.0.1.evil.example",
                            "localhost.evil.example",
                            "")) {
                assertThat(
                                send(
                                        catalog.address(),
                                        "GET /admin/v1/adapters HTTP/1.1\r\nHost: "
                                                + host
                                                + ":"
                                                + port
                                                + "\r\n\r\n"))
                        .as(host)
                        .isIn(400, 403);
            }
            for (String host : List.of("127.0.0.1", "localhost", "[::1]", "127.0.0.1:" + port)) {
                assertThat(
                                send(
                                        catalog.address(),
                                        "GET /admin/v1/adapters HTTP/1.1\r\nHost: "
                                                + host
                                                + "\r\n\r\n"))
                        .as(host)
                        .isEqualTo(200);
            }
        }
    }

    /** By which whoever can connect could be a program of this machine, or be at another port. */
    @ParameterizedTest
    @CsvSource({
        "spring.main.cloud-platform, kubernetes",
        "server.forward-headers-strategy, native",
        "server.forward-headers-strategy, framework"
    })
    void headersHaveNoSayInWhereARequestComesFrom(String property, String value) throws Exception {
        System.setProperty(property, value);
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            assertThat(
                            send(
                                    catalog.address(),
                                    String.join(
                                            "\r\n",
                                            "GET /admin/v1/adapters HTTP/1.1",
                                            "Host: localhost",
                                            "X-Forwarded-For: 203.0.113.9",
                                            "X-Forwarded-Host: 203.0.113.9:9081",
                                            "",
                                            "")))
                    .isEqualTo(200);
        } finally {
            System.clearProperty(property);
        }
    }

    /** It is kept once, not for each of the languages and hosts that whoever asks may make up. */
    @Test
    void theDescriptionIsTheSameForEverybody() throws Exception {
        try (RunningCatalog catalog = RunningCatalog.start(folder)) {
            HttpRequest plain =
                    HttpRequest.newBuilder(catalog.address().resolve("/openapi.json")).build();
            HttpRequest foreign =
                    HttpRequest.newBuilder(plain, (_, _) -> true)
                            .header("Accept-Language", "de-x-a1")
                            .build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                String body = client.send(plain, BodyHandlers.ofString()).body();
                assertThat(RunningCatalog.JSON.readTree(body).path("servers").toString())
                        .isEqualTo("[{\"url\":\"/\"}]");
                HttpResponse<String> again = client.send(foreign, BodyHandlers.ofString());
                assertThat(again.body()).isEqualTo(body);
                assertThat(again.headers().firstValue("Content-Language").orElse("en"))
                        .isEqualTo("en");
            }
        }
    }

    private static int raw(URI at, String method, String path) throws IOException {
        return send(
                at,
                method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + at.getPort() + "\r\n\r\n");
    }

    /** The status of the answer. */
    private static int send(URI at, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), at.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            return Integer.parseInt(
                    new String(head, StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length()));
        }
    }
}
