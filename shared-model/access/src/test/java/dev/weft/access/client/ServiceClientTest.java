package dev.weft.access.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

    private final ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    private final URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/x");
    private final CountDownLatch accepted = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServiceClient client =
            new ServiceClient(
                    "key", HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());

    ServiceClientTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        threads.shutdownNow();
    }

    /** Sends an answer to one request; returns what the client sent until it left. */
    private Future<String> answer(String text) {
        return threads.submit(() -> {
            try (Socket socket = server.accept()) {
                accepted.countDown();
                StringBuilder sent = new StringBuilder();
                try {
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                    InputStream in = socket.getInputStream();
                    for (int b = in.read(); b >= 0; b = in.read()) {
                        sent.append((char) b);
                    }
                } catch (SocketException _) {
                    // a client that leaves with bytes unread resets the connection
                }
                return sent.toString();
            }
        });
    }

    private HttpResponse<String> post(Duration deadline) throws Exception {
        byte[] json = "{\"a\":1}".getBytes(StandardCharsets.US_ASCII);
        return client.exchange(client.post(address, json), BodyHandlers.ofString(), deadline);
    }

    @Test
    void sendsItsTokenAndJson() throws Exception {
        Future<String> sent = answer(HEAD + "ok");
        assertThat(post(PATIENCE).body()).isEqualTo("ok");
        client.close();
        assertThat(sent.get())
                .startsWith("POST /x HTTP/1.1\r\n")
                .contains("Authorization: Bearer key\r\n", "Content-Type: application/json\r\n")
                .endsWith("\r\n\r\n{\"a\":1}");
    }

    @Test
    void anAnswerThatStopsInItsMiddleEndsAtTheDeadlineAndItsConnectionIsClosed() throws Exception {
        Future<String> sent = answer(HEAD + "o");
        assertThatThrownBy(() -> post(Duration.ofSeconds(1)))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessage("no whole answer within 1 s");
        assertThat(sent.get()).contains("POST /x");
    }

    @Test
    void whoeverIsInterruptedClosesTheConnection() throws Exception {
        Future<String> sent = answer(HEAD + "o");
        Future<HttpResponse<String>> waiting = threads.submit(() -> post(Duration.ofMinutes(5)));
        accepted.await();
        waiting.cancel(true);
        assertThat(sent).succeedsWithin(PATIENCE);
    }

    @Test
    void aConnectionThatFailsIsTheCause() throws Exception {
        server.close();
        assertThatThrownBy(() -> post(PATIENCE)).isInstanceOf(ConnectException.class);
    }
}
