package dev.weft.access.token;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** A catalog over real HTTP that says whose tokens are, and the time of those who ask it. */
final class FakeWhose implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What it says of tokens that it knows. */
    final Map<String, String> known = new ConcurrentHashMap<>();

    final AtomicInteger questions = new AtomicInteger();
    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** It answers once this is down. */
    volatile CountDownLatch answers = new CountDownLatch(0);

    /** It fails in place of an answer. */
    volatile boolean fails;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-26T10:00:00Z"));
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final HttpServer server;

    FakeWhose() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(TokenQuestion.PATH, this::whose);
        server.start();
        known.put(
                "key", "{\"known\":true,\"name\":\"app\",\"role\":\"client\",\"tenant\":\"acme\"}");
    }

    /** Asks it. */
    CatalogTokens tokens() {
        InstantSource time = now::get;
        Clock clock = time.withZone(ZoneOffset.UTC);
        return new CatalogTokens(
                new TokenQuestion(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        null,
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()),
                clock,
                nanos::get);
    }

    void pass(Duration time) {
        setClock(time);
        nanos.addAndGet(time.toNanos());
    }

    /** Sets the wall clock alone forward or back. */
    void setClock(Duration by) {
        now.updateAndGet(at -> at.plus(by));
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }

    private void whose(HttpExchange exchange) throws IOException {
        questions.incrementAndGet();
        String question =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String token = question.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
        byte[] answer =
                known.getOrDefault(token, "{\"known\":false}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(fails ? 500 : 200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    /** Goes away. */
    void stop() {
        server.stop(0);
    }

    @Override
    public void close() {
        answers.countDown();
        stop();
        threads.shutdownNow();
    }
}
