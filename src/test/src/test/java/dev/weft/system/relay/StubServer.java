package dev.weft.system.relay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.weft.access.client.FreePort;
import dev.weft.inference.server.WorkerService;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server that the relay speaks to, with the embedded engine's answers on the sample. Loads stall
 * all streams; a restart forgets all; events come in packets that are cut within them. Each kind of
 * server says which adapter a request is for, and has its own errors.
 */
abstract class StubServer implements AutoCloseable {
    static final String BASE = "served";

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer artifacts;
    private final WorkerService behind;
    private final StubAdapters adapters;
    private final ReentrantReadWriteLock steps = new ReentrantReadWriteLock();
    private final Set<HttpExchange> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger aborted = new AtomicInteger();
    private final AtomicBoolean loses = new AtomicBoolean();
    private final AtomicInteger loading = new AtomicInteger();
    private final AtomicInteger mostLoading = new AtomicInteger();
    private final Object silence = new Object();
    private final int port;
    private volatile HttpServer server;
    private volatile byte[] received = {};
    private volatile @Nullable String receivedTrace;
    private volatile int failAfter = Integer.MAX_VALUE;
    private volatile int dieAfter = Integer.MAX_VALUE;
    private volatile int silentAfter = Integer.MAX_VALUE;

    StubServer(int held, Path data) throws Exception {
        this.adapters = new StubAdapters(held);
        this.artifacts = listener(0);
        artifacts.createContext("/", adapters::page);
        artifacts.start();
        this.behind =
                RunningFleet.worker(
                        Sample.deploymentFile(),
                        data,
                        "weft.engine=cpu",
                        "weft.inference.max-loras=8",
                        "weft.catalog.url=http://127.0.0.1:" + artifacts.getAddress().getPort());
        Http.awaitReady(behind.address());
        this.port = FreePort.find();
        this.server = listener(port);
    }

    /** The kind, as {@code weft.engine} names it. */
    abstract String engine();

    /** Takes the paths of a server. */
    interface Routes {
        void add(String path, HttpHandler handler);
    }

    /** Whether it describes its paths, as FastAPI does unasked. */
    boolean describesItself() {
        return true;
    }

    /** The paths that this kind has beside those of all. */
    abstract void routes(Routes to);

    /** The list of models. */
    abstract String models();

    /** What it says of itself in Prometheus' format. */
    String metrics() throws IOException, InterruptedException {
        return engine() + ":requests_running 0\n";
    }

    private void tellMetrics(HttpExchange exchange) throws IOException {
        try {
            text(exchange, 200, metrics());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A metric of the engine that computes its answers. */
    final String behind(String metric) throws IOException, InterruptedException {
        return Http.get(behind.address().resolve("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("0");
    }

    /**
     * Takes what names a model out of a request.
     *
     * @return the adapter, or the base
     * @throws Refused if the server answers with an error
     */
    abstract Asked asked(ObjectNode body) throws Refused;

    /** Takes what names a model out of a request to some path. */
    @FunctionalInterface
    interface Asking {
        Asked asked(ObjectNode body) throws Refused;
    }

    /** An error's body. */
    abstract String error(int status, String type, String message);

    /**
     * What a request is for.
     *
     * @param model as the server's answers name it
     * @param digest empty for the base, or an adapter without an effect
     */
    record Asked(String model, Optional<AdapterDigest> digest) {}

    /** A server's refusal. */
    static final class Refused extends Exception {
        private final int status;
        private final String type;

        Refused(int status, String type, String message) {
            super(message);
            this.status = status;
            this.type = type;
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    StubAdapters adapters() {
        return adapters;
    }

    /** Requests whose client left. */
    int aborted() {
        return aborted.get();
    }

    /** The next streams send an error after so many events. */
    void failAfter(int events) {
        failAfter = events;
    }

    /** The next request's connection is lost before its answer, and all adapters are forgotten. */
    void loseNext() {
        loses.set(true);
    }

    /** The trace that the last request belongs to, as its header says; null if to none. */
    @Nullable String receivedTrace() {
        return receivedTrace;
    }

    /** The body of the last request for a text, as it came. */
    byte[] received() {
        return received.clone();
    }

    /** The most loads that were asked for at one time. */
    int mostLoading() {
        return mostLoading.get();
    }

    /** The next stream takes the server down after so many events. */
    void dieAfter(int events) {
        dieAfter = events;
    }

    /** Requests are answered with so many events, and with nothing after them. */
    void fallSilentAfter(int events) {
        silentAfter = events;
    }

    /** No fault that was asked for comes any more. */
    void behave() {
        dieAfter = Integer.MAX_VALUE;
        failAfter = Integer.MAX_VALUE;
        loses.set(false);
        adapters.ignoreLoads(false);
        synchronized (silence) {
            silentAfter = Integer.MAX_VALUE;
            silence.notifyAll();
        }
    }

    /** Loads are accepted from now on, and without an effect. */
    void ignoreLoads() {
        adapters.ignoreLoads(true);
    }

    /** As {@code kill -9}: all connections break, and nothing is remembered. */
    void die() {
        dieAfter = Integer.MAX_VALUE;
        failAfter = Integer.MAX_VALUE;
        server.stop(0);
        open.forEach(HttpExchange::close);
        adapters.forget();
    }

    /** Comes back at the same address. */
    void comeBack() throws IOException {
        server = listener(port);
        serve();
    }

    static HttpServer listener(int port) throws IOException {
        HttpServer made =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return made;
    }

    final void serve() {
        Set<String> paths = new TreeSet<>();
        Routes to =
                (path, handler) -> {
                    paths.add(path);
                    server.createContext(path, handler);
                };
        to.add("/health", this::health);
        to.add("/metrics", this::tellMetrics);
        to.add("/v1/models", exchange -> text(exchange, 200, models()));
        to.add("/v1/chat/completions", this::complete);
        to.add("/v1/completions", this::complete);
        routes(to);
        if (describesItself()) {
            server.createContext(
                    "/openapi.json", exchange -> text(exchange, 200, described(paths)));
        }
        server.start();
    }

    /** Says that it is well. */
    void health(HttpExchange exchange) throws IOException {
        text(exchange, 200, "");
    }

    private static String described(Set<String> paths) {
        ObjectNode description = Http.JSON.createObjectNode().put("openapi", "3.1.0");
        ObjectNode all = description.putObject("paths");
        paths.forEach(path -> all.putObject(path).putObject("post"));
        return description.toString();
    }

    /** All streams wait while an adapter is loaded. */
    final void load(String name, Path path) throws IOException {
        mostLoading.accumulateAndGet(loading.incrementAndGet(), Math::max);
        steps.writeLock().lock();
        try {
            adapters.load(name, path);
        } finally {
            steps.writeLock().unlock();
            loading.decrementAndGet();
        }
    }

    static ObjectNode body(HttpExchange exchange) throws IOException {
        return (ObjectNode) Http.JSON.readTree(exchange.getRequestBody().readAllBytes());
    }

    final void refuse(HttpExchange exchange, int status, String type, String message)
            throws IOException {
        text(exchange, status, error(status, type, message));
    }

    /** Whether FastAPI reads a body. */
    private static boolean isUtf8(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    final void refuse(HttpExchange exchange, Refused why) throws IOException {
        refuse(exchange, why.status, why.type, String.valueOf(why.getMessage()));
    }

    final void complete(HttpExchange exchange) throws IOException {
        complete(exchange, this::asked);
    }

    final void complete(HttpExchange exchange, Asking asking) throws IOException {
        open.add(exchange);
        StubAdapters.Running running = () -> {};
        try {
            byte[] bytes = exchange.getRequestBody().readAllBytes();
            received = bytes;
            if (!isUtf8(bytes)) {
                text(exchange, 400, "{\"detail\":\"There was an error parsing the body\"}");
                return;
            }
            receivedTrace = exchange.getRequestHeaders().getFirst("traceparent");
            ObjectNode body = (ObjectNode) Http.JSON.readTree(bytes);
            if (loses.getAndSet(false)) {
                adapters.forget();
                return;
            }
            if (silentAfter == 0) {
                beSilent();
                return;
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(body.path("stop").asString(""))) {
                // as vLLM 0.32, which is well afterwards
                throw new Refused(500, "InternalServerError", "surrogates not allowed");
            }
            Asked asked = asking.asked(body);
            running = asked.digest.map(adapters::run).orElse(running);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(
                                    behind.address().resolve(exchange.getRequestURI().getPath()))
                            .header("Content-Type", "application/json")
                            .header("weft-tell", "usage");
            asked.digest.ifPresent(digest -> request.header("weft-adapter", digest.toString()));
            body.put("model", asked.digest.isPresent() ? asked.model : Sample.BASE);
            forward(exchange, body, asked.model, request, running);
        } catch (Refused e) {
            refuse(exchange, e);
        } catch (StubAdapters.EngineDied e) {
            die();
        } finally {
            running.close();
            ended(exchange);
            open.remove(exchange);
            exchange.close();
        }
    }

    /** Sends nothing until it behaves again. */
    private void beSilent() throws IOException {
        try {
            synchronized (silence) {
                while (silentAfter < Integer.MAX_VALUE) {
                    silence.wait();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** A request has ended, maybe told again; called on its thread. */
    void ended(HttpExchange exchange) {}

    private void forward(
            HttpExchange exchange,
            ObjectNode body,
            String model,
            HttpRequest.Builder request,
            StubAdapters.Running running)
            throws IOException {
        boolean each = body.path("stream_options").path("continuous_usage_stats").asBoolean(false);
        if (body.path("stream_options").isObject()) {
            ((ObjectNode) body.path("stream_options")).remove("continuous_usage_stats");
        }
        request.POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        try {
            HttpResponse<InputStream> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                if (answer.statusCode() == 200 && body.path("stream").asBoolean(false)) {
                    stream(exchange, lines, new Chunks(model, each), running);
                } else {
                    String text = String.join("\n", lines.lines().toList());
                    running.close();
                    ended(exchange);
                    text(exchange, answer.statusCode(), renamed(text, model));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String renamed(String json, String model) {
        return json.replace("\"model\":\"" + Sample.BASE + "\"", "\"model\":\"" + model + "\"");
    }

    /** Makes vLLM's chunks of the worker's, with the tokens that its notes tell. */
    private static final class Chunks {
        private final String model;
        private final boolean each;
        private String[] count = {"0", "0"};

        Chunks(String model, boolean each) {
            this.model = model;
            this.each = each;
        }

        void note(String line) {
            count = line.substring(": weft-usage ".length()).split(" ", -1);
        }

        String chunk(String line) {
            String text = renamed(line, model);
            return each && line.startsWith("data: {") && !line.contains("\"usage\":{")
                    ? text.substring(0, text.length() - 1)
                            + ",\"usage\":{\"prompt_tokens\":%s,\"completion_tokens\":%s}}"
                                    .formatted(count[0], count[1])
                    : text;
        }
    }

    private void stream(
            HttpExchange exchange,
            BufferedReader lines,
            Chunks chunks,
            StubAdapters.Running running)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        int events = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(": weft-usage ")) {
                chunks.note(line);
            } else if (line.startsWith("data:")) {
                if (line.equals("data: [DONE]")) {
                    running.close(); // before anybody can know that it has ended
                    ended(exchange);
                }
                steps.readLock().lock();
                try {
                    write(out, chunks.chunk(line) + "\n\n");
                } finally {
                    steps.readLock().unlock();
                }
                if (++events >= failAfter) {
                    write(
                            out,
                            "data: {\"error\":{\"message\":\"EngineCore encountered an"
                                + " issue.\",\"type\":\"InternalServerError\",\"code\":500}}\n\n");
                    write(out, "data: [DONE]\n\n");
                    return;
                }
                if (events >= dieAfter) {
                    die();
                    return;
                }
                if (events >= silentAfter) {
                    beSilent();
                    return;
                }
            }
        }
    }

    /** In two packets, cut within the event. */
    private void write(OutputStream out, String event) throws IOException {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        int half = bytes.length / 2;
        try {
            out.write(bytes, 0, half);
            out.flush();
            out.write(bytes, half, bytes.length - half);
            out.flush();
        } catch (IOException e) {
            aborted.incrementAndGet();
            throw e;
        }
    }

    static void text(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        behave();
        server.stop(0);
        artifacts.stop(0);
        http.shutdownNow();
        behind.close();
    }
}
