package dev.weft.gateway.forward;

import static dev.weft.gateway.Gateways.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.gateway.measure.RequestMetrics;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.worker.RequestHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What a gateway does with the bytes of a connection, whatever client sends them. */
class PlainConnectionsTest {
    private static final String MODELS = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String CHAT = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n";

    private FakeCatalog catalog;
    private FakeWorker worker;
    private GatewayService gateway;

    @BeforeEach
    void start() throws Exception {
        catalog = new FakeCatalog();
        worker = new FakeWorker(Gateways.BASE, 0);
        gateway = Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address());
        Gateways.awaitReady(gateway);
    }

    @AfterEach
    void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    /** A connection that stayed open for the rest of a body would do so for 30 s. */
    @ParameterizedTest
    @CsvSource({
        "no request, 400, invalid_request",
        "a long line, 414, request_too_large",
        "large headers, 431, request_too_large",
        "a chunk without a size, 400, invalid_request"
    })
    void whatCanNotBeReadIsRefusedAndTheConnectionClosed(String sent, int status, String code)
            throws Exception {
        String bytes =
                switch (sent) {
                    case "no request" -> "nonsense / nothing\r\n\r\n";
                    case "a long line" ->
                            "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                    case "large headers" -> CHAT + "x-much: " + "a".repeat(100_000) + "\r\n\r\n";
                    default -> CHAT + "Transfer-Encoding: chunked\r\n\r\nnone\r\n";
                };
        String answer = talk(bytes, Duration.ofSeconds(20));
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer).containsIgnoringCase("\r\nconnection: close\r\n");
        JsonNode error = json(answer.substring(answer.indexOf('{'))).get("error");
        assertThat(error.get("code").asString()).isEqualTo(code);
        assertThat(error.get("type").asString()).isEqualTo("invalid_request_error");
        assertThat(error.get("message").asString()).isNotBlank();
    }

    @Test
    void anErrorOfMessagesHasTheirForm() throws Exception {
        String answer =
                talk(
                        "POST /v1/messages?beta=true HTTP/1.1\r\nx-much: "
                                + "a".repeat(100_000)
                                + "\r\n\r\n",
                        Duration.ofSeconds(20));
        assertThat(json(answer.substring(answer.indexOf('{'))).get("type").asString())
                .isEqualTo("error");
    }

    @Test
    void requestsThatAreSentAheadAreAllAnsweredAlsoIfTheLastOneClosesTheConnection()
            throws Exception {
        worker.answers((request, response) ->
                Mono.delay(Duration.ofMillis(200))
                        .thenMany(FakeWorker.json(200, "{\"n\":1}").apply(request, response))
                        .then());
        String body = "{\"model\":\"" + Gateways.BASE + "\"}";
        String chat =
                CHAT
                        + "Content-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n";
        String answers =
                talk(
                        chat
                                + "\r\n"
                                + body
                                + chat
                                + "\r\n"
                                + body
                                + chat
                                + "Connection: close\r\n\r\n"
                                + body,
                        Gateways.PATIENCE);
        assertThat(count(answers, "HTTP/1.1 200 OK")).isEqualTo(3);
        assertThat(count(answers, "\\{\"n\":1}")).isEqualTo(3);
        assertThat(count(answers, "(?i)connection: close")).isEqualTo(1);
        assertThat(worker.requests()).isEqualTo(3);
    }

    /** A connection whose earlier answer is hardly over, at many moments. */
    @Test
    void theLastRequestOfAConnectionIsAnsweredWheneverItComes() throws Exception {
        String models = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n";
        for (int i = 0; i < 100; i++) {
            String answers =
                    talk(models + "\r\n" + models + "Connection: close\r\n\r\n", Gateways.PATIENCE);
            assertThat(count(answers, "HTTP/1.1 200 OK")).isEqualTo(2);
        }
    }

    @Test
    void ofTooManyRequestsAheadTheOneUnderWayIsTheLast() throws Exception {
        String answers = talk(MODELS.repeat(200), Gateways.PATIENCE);
        assertThat(answers).startsWith("HTTP/1.1 200 OK").endsWith("}");
    }

    @Test
    void aTargetThatIsNoUriIsRefusedWithAReason() throws Exception {
        String answer =
                talk(
                        "GET /v1/mod%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                        Gateways.PATIENCE);
        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(json(answer.substring(answer.indexOf('{'))).get("error").get("code").asString())
                .isEqualTo("invalid_request");
    }

    /** Whoever reaches the gateway could fill the log otherwise. */
    @Test
    void clientsThatFailWithinTheirBodiesLeaveNothingInTheLog() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        try {
            String _ = talk(MODELS.repeat(200), Gateways.PATIENCE);
            String _ = talk(CHAT + "Transfer-Encoding: chunked\r\n\r\nnone\r\n", Gateways.PATIENCE);
            leaveWithin(CHAT + "Content-Length: 100\r\n\r\n{\"model\":");
            leaveWithin(CHAT + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mod\r\n");
            assertThat(Gateways.get(gateway, "/v1/models").statusCode()).isEqualTo(200);
        } finally {
            root.detachAppender(log);
        }
        assertThat(List.copyOf(log.list))
                .filteredOn(event ->
                        event.getLevel() == Level.ERROR
                                || event.getLoggerName().startsWith("reactor."))
                .isEmpty();
    }

    /** Routes match it, and what counts and queues requests knows paths by their text. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/ch%61t/completions", "/%761/completions", "/v1/responses%2D"})
    void aPathIsSpelledInOneWay(String path) throws Exception {
        String answer =
                talk(
                        "POST "
                                + path
                                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                + "Content-Length: 2\r\n\r\n{}",
                        Gateways.PATIENCE);
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("letters or digits that are encoded");
        assertThat(worker.gotNothing()).isTrue();
    }

    /** What a client's header names would be taken from the request that the worker gets. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close, weft-tenant, weft-adapter, weft-tell, Content-Length",
                "Connection: close / cONNECTION: Weft-Tenant / Connection:weft-ADAPTER ,WEFT-TELL",
                "Connection: close / Proxy-Connection: weft-tenant / TE: trailers",
                "Connection: close / Trailer: weft-tell / Keep-Alive: weft-adapter",
                "Connection: close / X-Forwarded-For: 127.0.0.1 / Forwarded: host=a:9082",
                "Connection: close, upgrade / Upgrade: websocket / Sec-WebSocket-Version: 13"
            })
    void aClientsConnectionHasNoSayInOurHeaders(String sent) throws Exception {
        catalog.publish(FakeCatalog.adapter("sql", 7));
        Gateways.await(() -> Gateways.get(gateway, "/v1/models/sql").statusCode() == 200);
        worker.answers(FakeWorker.json(200, "{}"));
        String body = "{\"model\":\"sql\"}";
        String answer =
                talk(
                        CHAT
                                + sent.replace(" / ", "\r\n")
                                + "\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body,
                        Gateways.PATIENCE);

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        HttpHeaders got = worker.next().headers();
        assertThat(got.getAll(RequestHeaders.TENANT)).containsExactly("default");
        assertThat(got.get(RequestHeaders.ADAPTER)).endsWith("7");
        assertThat(got.get(AnswerNotes.ASK)).isEqualTo(AnswerNotes.ASKED);
        assertThat(got.get("content-length")).isEqualTo("" + body.length());
        assertThat(got.contains("x-forwarded-for") || got.contains("forwarded")).isFalse();
        assertThat(got.contains("upgrade") || got.contains("trailer") || got.contains("te"))
                .isFalse();
    }

    private void leaveWithin(String bytes) throws Exception {
        RequestMetrics metrics = Gateways.context(gateway).getBean(RequestMetrics.class);
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), gateway.address().getPort())) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
            Gateways.await(() -> metrics.inFlight() == 1);
        }
        Gateways.await(() -> metrics.inFlight() == 0);
    }

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }

    /** Sends the bytes and reads until the gateway closes the connection. */
    private String talk(String bytes, Duration limit) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), gateway.address().getPort())) {
            socket.setSoTimeout((int) limit.toMillis());
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
