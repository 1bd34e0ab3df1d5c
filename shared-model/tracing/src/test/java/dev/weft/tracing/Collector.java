package dev.weft.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * A collector of traces on loopback, for tests: OTLP over HTTP with protobuf, as its specification
 * has it. It takes all requests unless it is told to refuse them or not to answer.
 */
public final class Collector implements AutoCloseable {
    /** Pause between two requests; it is short because tests wait for spans. */
    public static final Duration SOON = Duration.ofMillis(100);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<RecordedSpan> spans = new ArrayList<>();
    private final List<Map<String, List<String>>> heads = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile boolean silent;

    public Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.setExecutor(threads);
        server.start();
    }

    /** The address it listens at, without a path. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Settings that send all traces here. */
    public TracingOptions settings() {
        return new TracingOptions(
                address().resolve("/v1/traces"), 1, false, Map::of, Map.of(), SOON);
    }

    /** From now on it answers with this status. */
    public void answers(int code) {
        status = code;
    }

    /** From now on it takes requests and never answers. */
    public void saysNothing() {
        silent = true;
    }

    /** All spans so far. */
    public synchronized List<RecordedSpan> spans() {
        return List.copyOf(spans);
    }

    /** The headers of the requests so far, names in lower case. */
    public synchronized List<Map<String, List<String>>> heads() {
        return List.copyOf(heads);
    }

    /** Waits until a span matches, and returns the first one. */
    public RecordedSpan await(Predicate<RecordedSpan> test) throws InterruptedException {
        return awaitAll(test, 1).getFirst();
    }

    /** Waits until that many spans match. */
    public synchronized List<RecordedSpan> awaitAll(Predicate<RecordedSpan> test, int count)
            throws InterruptedException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            List<RecordedSpan> found = spans.stream().filter(test).toList();
            if (found.size() >= count) {
                return found;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(
                        found.size() + " of " + count + " spans within 60 s, there are " + spans);
            }
            wait(left);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = body(exchange);
            if (silent) {
                closing.await();
                return;
            }
            boolean protobuf =
                    "application/x-protobuf"
                            .equals(exchange.getRequestHeaders().getFirst("Content-Type"));
            int answer = protobuf ? status : 415;
            if (answer == 200) {
                keep(exchange, ExportTraceServiceRequest.parseFrom(body));
            }
            byte[] response = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(answer, response.length == 0 ? -1 : response.length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream in =
                zipped
                        ? new GZIPInputStream(exchange.getRequestBody())
                        : exchange.getRequestBody()) {
            return in.readAllBytes();
        }
    }

    private synchronized void keep(HttpExchange exchange, ExportTraceServiceRequest request) {
        Map<String, List<String>> head = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        head.putAll(exchange.getRequestHeaders());
        heads.add(head);
        for (ResourceSpans resource : request.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                scope.getSpansList()
                        .forEach(span -> spans.add(RecordedSpan.of(resource.getResource(), span)));
            }
        }
        notifyAll();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
