package dev.weft.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuardedHttpTest {
    private static final Duration LEFT = Duration.ofSeconds(30);

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] host =
                            exchange.getRequestHeaders()
                                    .getFirst("Host")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, host.length);
                    exchange.getResponseBody().write(host);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void connectsToTheAddressThatWasCheckedWhateverTheNameMeansLater() throws Exception {
        Deque<String> answers = new ArrayDeque<>(List.of("127.0.0.1", "169.254.169.254"));
        GuardedHttp http =
                new GuardedHttp(
                        rules("127.0.0.1"),
                        limits(Duration.ofSeconds(5)),
                        _ -> new InetAddress[] {InetAddress.ofLiteral(answers.removeFirst())});
        URI uri = URI.create("http://rebound.test:" + server.getAddress().getPort() + "/");

        try (HttpAnswer answer = http.get(uri, Map.of(), LEFT)) {
            assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("rebound.test:");
        }
        assertThat(answers).as("resolved once").hasSize(1);
        assertThatThrownBy(() -> http.get(uri, Map.of(), LEFT))
                .isInstanceOf(AddressRefusedException.class)
                .hasMessageContaining("'rebound.test' is at 169.254.169.254");
    }

    @Test
    void refusesANameOfWhichOneAddressIsNotAllowed() {
        GuardedHttp http =
                new GuardedHttp(
                        rules(),
                        limits(Duration.ofSeconds(5)),
                        _ ->
                                new InetAddress[] {
                                    InetAddress.ofLiteral("93.184.216.34"),
                                    InetAddress.ofLiteral("10.0.0.1")
                                });

        assertThatThrownBy(() -> http.get(URI.create("http://two.test/"), Map.of(), LEFT))
                .isInstanceOf(AddressRefusedException.class)
                .hasMessageContaining("10.0.0.1");
    }

    @Test
    void endsAHeadThatTrickles() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> trickle(socket, done));
            GuardedHttp http = new GuardedHttp(rules("127.0.0.1"), limits(Duration.ofMillis(300)));
            URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");

            assertThatThrownBy(() -> http.get(uri, Map.of(), LEFT))
                    .isInstanceOf(StalledException.class)
                    .hasMessageContaining("nothing arrived for too long");
        } finally {
            done.countDown();
        }
    }

    @Test
    void bindsAPatternToItsPort() {
        HostPattern pattern = HostPattern.of("Files.Example.com:8443");
        assertThat(pattern.matches("files.example.COM", 8443)).isTrue();
        assertThat(pattern.matches("files.example.com", 443)).isFalse();
        assertThat(HostPattern.of("*.example.com").matches("example.com", 80)).isFalse();
        assertThat(HostPattern.of("*.example.com").matches("a.b.example.com", 80)).isTrue();
        assertThat(HostPattern.of("*.example.com").matches("badexample.com", 80)).isFalse();
        assertThatThrownBy(() -> HostPattern.of("http://x")).hasMessageContaining("http://x");
    }

    /** Sends a byte of the head every 20 ms. */
    private static void trickle(ServerSocket server, CountDownLatch done) {
        try (Socket client = server.accept()) {
            OutputStream out = client.getOutputStream();
            for (byte b :
                    ("HTTP/1.1 200 OK\r\nX: " + "x".repeat(5000))
                            .getBytes(StandardCharsets.US_ASCII)) {
                out.write(b);
                if (done.await(20, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // the client went away, as the test wants
            done.countDown();
        }
    }

    private static HttpLimits limits(Duration silence) {
        return new HttpLimits(Duration.ofSeconds(5), silence, 1);
    }

    private static AddressRules rules(String... ranges) {
        return new AddressRules(
                List.of(),
                List.of(HostPattern.of("*")),
                List.of(ranges).stream().map(AddressRange::of).toList());
    }
}
