package dev.weft.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.protocol.repository.AddressRange;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CheckingProxyTest {
    private final Deque<String> resolved = new ArrayDeque<>();
    private HttpServer server;
    private CheckingProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    String seen =
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().keySet()
                                    + " "
                                    + body.length;
                    byte[] answer = seen.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        proxy =
                CheckingProxy.start(
                        Duration.ofSeconds(5),
                        _ -> new InetAddress[] {InetAddress.ofLiteral(resolved.removeFirst())});
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.stop(0);
    }

    @Test
    void tunnelsToTheAddressThatWasCheckedWhateverTheNameMeansLater() throws IOException {
        proxy.allow(URI.create("https://store.test"), List.of(AddressRange.of("127.0.0.1")));
        resolved.addAll(List.of("127.0.0.1", "169.254.169.254"));

        String tunnel = connect("rebound.test");
        assertThat(ask(tunnel + "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 Connected\r\n\r\nHTTP/1.1 200 OK")
                .contains("GET /a ");
        assertThat(ask(tunnel)).startsWith("HTTP/1.1 403 ");
        assertThat(proxy.failureSince(0).orElseThrow().words())
                .startsWith("host 'rebound.test' is at 169.254.169.254, which is not a public");
        assertThat(resolved).as("resolved once each").isEmpty();
    }

    @Test
    void anEndpointIsTrustedAtItsPortOnly() throws IOException {
        proxy.allow(URI.create("https://store.test:" + port()), List.of());
        resolved.addAll(List.of("127.0.0.1", "127.0.0.1", "10.0.0.1"));

        assertThat(ask(connect("store.test") + "GET / HTTP/1.0\r\n\r\n")).contains(" 200 OK");
        assertThat(ask("CONNECT store.test:5432 HTTP/1.1\r\n" + secret() + "\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(ask(connect("other.test"))).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void asksAnEndpointWithoutTlsAndSendsNothingOfItsOwnOn() throws IOException {
        proxy.allow(URI.create("http://store.test:" + port()), List.of());
        resolved.add("127.0.0.1");

        String put =
                "PUT http://store.test:" + port() + "/a%20b?c HTTP/1.1\r\nHost: store.test\r\n";
        assertThat(ask(put + secret() + "Content-Length: 3\r\n\r\nabcGET /more HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nConnection: close\r\n")
                .endsWith("PUT /a%20b?c [Connection, Host, Content-length] 3");
    }

    @Test
    void passesOnWhatAServerSaysThatDoesNotWantTheBody() throws IOException {
        try (ServerSocket curt = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> refuse(curt));
            proxy.allow(URI.create("http://store.test:" + curt.getLocalPort()), List.of());
            resolved.add("127.0.0.1");

            String put = "PUT http://store.test:" + curt.getLocalPort() + "/ HTTP/1.1\r\n";
            assertThat(ask(put + secret() + "Content-Length: 9000000\r\n\r\nabc"))
                    .startsWith("HTTP/1.1 403 Forbidden\r\n")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("no");
        }
    }

    /** Answers after a hundred-continue, and closes without having read the body. */
    private static void refuse(ServerSocket server) {
        try (Socket client = server.accept()) {
            HttpHead.read(client.getInputStream());
            String answer =
                    """
                    HTTP/1.1 100 Continue

                    HTTP/1.1 403 Forbidden
                    Connection: keep-alive
                    Content-Length: 2

                    no\
                    """;
            client.getOutputStream()
                    .write(answer.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            client.getInputStream().readNBytes(3);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesWithoutTlsWhatIsNoEndpoint() throws IOException {
        proxy.allow(URI.create("http://store.test"), List.of());
        proxy.allow(URI.create("https://safe.test"), List.of());

        for (String place : List.of("example.com", "store.test:8080", "safe.test")) {
            String get = "GET http://" + place + "/ HTTP/1.1\r\nHost: x\r\n";
            assertThat(ask(get + secret() + "\r\n")).startsWith("HTTP/1.1 403 ");
        }
        assertThat(ask("GET http://store.test/ HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 407 ");
        assertThat(proxy.failureSince(0).orElseThrow())
                .satisfies(failure -> assertThat(failure.refused()).isTrue())
                .extracting(CheckingProxy.Failure::words)
                .isEqualTo("host 'store.test' (port 80): redirects without TLS are not followed");
    }

    @Test
    void servesNobodyWhoDoesNotKnowItsSecret() throws IOException {
        proxy.allow(URI.create("https://store.test:" + port()), List.of());

        String line = "CONNECT store.test:" + port() + " HTTP/1.1\r\n";
        assertThat(ask(line + "\r\n")).startsWith("HTTP/1.1 407 ");
        assertThat(ask(line + "Proxy-Authorization: Basic d2VmdDo=\r\n\r\n"))
                .startsWith("HTTP/1.1 407 ");
    }

    @Test
    void saysNothingToWhatIsNoRequestToAProxy() throws IOException {
        for (String wrong :
                List.of(
                        "GET / HTTP/1.1\r\n\r\n",
                        "GET ftp://store.test/ HTTP/1.1\r\n\r\n",
                        "CONNECT http://store.test/ HTTP/1.1\r\n\r\n",
                        "CONNECT user@store.test:443 HTTP/1.1\r\n\r\n",
                        "PUT http://store.test/ HTTP/1.1\r\n"
                                + secret()
                                + "Transfer-Encoding: chunked\r\n\r\n",
                        "GET http://store.test/" + "a".repeat(70_000))) {
            assertThat(ask(wrong)).isEmpty();
        }
    }

    @Test
    void saysWhichHostDoesNotAnswer() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        proxy.allow(URI.create("https://store.test:" + free), List.of());
        resolved.add("127.0.0.1");

        assertThat(ask("CONNECT store.test:" + free + " HTTP/1.1\r\n" + secret() + "\r\n"))
                .startsWith("HTTP/1.1 502 ");
        assertThat(proxy.failureSince(0).orElseThrow().words())
                .startsWith("host 'store.test' (port " + free + "): no connection: ");
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private String connect(String host) {
        return "CONNECT " + host + ":" + port() + " HTTP/1.1\r\n" + secret() + "\r\n";
    }

    private String secret() {
        byte[] credentials = proxy.address().getUserInfo().getBytes(StandardCharsets.US_ASCII);
        return "proxy-authorization: Basic "
                + Base64.getEncoder().encodeToString(credentials)
                + "\r\n";
    }

    /** Sends the text, and returns all that comes back. */
    private String ask(String sent) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (java.net.SocketException e) {
            // closed with bytes still on their way to it: that is no answer either
            return "";
        }
    }
}
