package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients with a large body hear why it is refused, however they send it. */
class LargeBodiesTest {
    private static final int SIZE = 40_000_000;
    private static final String CHAT = "/v1/chat/completions";

    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog();
        worker = new FakeWorker(Gateways.BASE, 0);
        gateway = Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address());
    }

    @AfterEach
    void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    /** The client sends its whole body before it reads a byte, as the plainest clients do. */
    @ParameterizedTest
    @CsvSource({CHAT + ", 413", "/v1/nothing, 404", "/v1/models, 405"})
    void aClientThatSendsBeforeItReadsHearsWhy(String path, int status) throws Exception {
        assertThat(sendThenRead(path, "Content-Length: " + SIZE, false)).contains(" " + status);
        assertThat(sendThenRead(path, "Transfer-Encoding: chunked", true)).contains(" " + status);
    }

    private String sendThenRead(String path, String length, boolean chunked) throws IOException {
        URI address = gateway.address();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(90));
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST "
                                    + path
                                    + " HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Content-Type: application/json\r\n"
                                    + length
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] piece = new byte[1_000_000];
            Arrays.fill(piece, (byte) ' ');
            for (int sent = 0; sent < SIZE; sent += piece.length) {
                if (chunked) {
                    out.write(
                            (Integer.toHexString(piece.length) + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                }
                out.write(piece);
                if (chunked) {
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            }
            if (chunked) {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            byte[] head = new byte[64];
            int read = socket.getInputStream().read(head);
            return new String(head, 0, Math.max(read, 0), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void javasClientHearsIt(boolean expectContinue) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(gateway.address().resolve(CHAT))
                        .header("Content-Type", "application/json")
                        .expectContinue(expectContinue)
                        .timeout(Duration.ofSeconds(90))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[SIZE]))
                        .build();

        assertThat(Gateways.CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Expect: 100-continue", "Expect:", "Transfer-Encoding: chunked"})
    void curlHearsIt(String header) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "curl",
                                "-sS",
                                "--max-time",
                                "90",
                                "-o",
                                "-",
                                "-w",
                                "%{http_code}"));
        command.addAll(List.of("-H", header, "-H", "Content-Type: application/json"));
        command.addAll(List.of("--data-binary", "@-", gateway.address().resolve(CHAT).toString()));
        assumeTrue(hasCurl(), "missing: curl");
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread.ofVirtual().start(() -> feed(curl));

        assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("request_too_large")
                .endsWith("413");
        assertThat(curl.waitFor(90, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean hasCurl() {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "curl")));
    }

    private static void feed(Process curl) {
        try (OutputStream out = curl.getOutputStream()) {
            out.write(new byte[SIZE]);
        } catch (IOException e) {
            // curl needs no more of it
        }
    }

    @Test
    void theConnectionServesOnAfterABodyThatWasDropped() throws Exception {
        javasClientHearsIt(false);

        assertThat(Gateways.get(gateway, "/v1/models").statusCode()).isEqualTo(200);
    }
}
