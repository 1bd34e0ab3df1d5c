package dev.weft.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A web server on loopback with folders that it lists, strong ETags, ranges and If-Range (RFC
 * 9110). It fails on request.
 */
final class FileServerFake implements AutoCloseable {
    /** A request as it arrived. */
    record Seen(
            String path,
            @Nullable String token,
            @Nullable String range,
            @Nullable String ifRange,
            boolean upgrades) {}

    /** The fault with which the next request for a path is answered. */
    sealed interface Fault {
        record Status(int code) implements Fault {}

        record RedirectTo(String location) implements Fault {}

        record CutAfter(int bytes) implements Fault {}

        /** A byte now and then, for as long as the client waits. */
        record Trickle(Duration pause) implements Fault {}
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> headers = new ConcurrentHashMap<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private volatile boolean json;
    private volatile boolean etags = true;

    FileServerFake() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** The host with its port. */
    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    String url(String path) {
        return "http://" + host() + path;
    }

    URI uri(String path) {
        return URI.create(url(path));
    }

    FileServerFake file(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    FileServerFake file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    FileServerFake header(String path, String name, String value) {
        headers.computeIfAbsent(path, _ -> new TreeMap<>()).put(name, value);
        return this;
    }

    /** Says nothing by which two contents of a file could be told apart. */
    FileServerFake withoutETags() {
        etags = false;
        return this;
    }

    /** Lists folders as nginx does with {@code autoindex_format json}. */
    FileServerFake listsJson() {
        json = true;
        return this;
    }

    FileServerFake fail(String path, Fault... next) {
        faults.computeIfAbsent(path, _ -> new ArrayDeque<>()).addAll(List.of(next));
        return this;
    }

    List<Seen> seen(String path) {
        return seen.stream().filter(s -> s.path.equals(path)).toList();
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    void forget() {
        seen.clear();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        var asked = exchange.getRequestHeaders();
        seen.add(
                new Seen(
                        path,
                        asked.getFirst("Authorization"),
                        asked.getFirst("Range"),
                        asked.getFirst("If-Range"),
                        asked.containsKey("Upgrade")));
        Deque<Fault> next = faults.getOrDefault(path, new ArrayDeque<>());
        Fault fault;
        synchronized (next) {
            fault = next.poll();
        }
        switch (fault) {
            case Fault.Status(int code) -> answer(exchange, code, new byte[0]);
            case Fault.RedirectTo(String location) -> {
                exchange.getResponseHeaders().set("Location", location);
                answer(exchange, 302, new byte[0]);
            }
            case Fault.CutAfter _, Fault.Trickle _ -> file(exchange, path, fault);
            case null -> {
                if (path.endsWith("/")) {
                    list(exchange, path);
                } else {
                    file(exchange, path, null);
                }
            }
        }
    }

    private void list(HttpExchange exchange, String folder) throws IOException {
        List<String> names =
                files.keySet().stream()
                        .filter(path -> path.startsWith(folder))
                        .map(path -> path.substring(folder.length()))
                        .map(rest -> rest.contains("/") ? rest.replaceAll("/.*", "/") : rest)
                        .distinct()
                        .sorted()
                        .toList();
        String page =
                json
                        ? names.stream()
                                .map(FileServerFake::entry)
                                .collect(Collectors.joining(",", "[", "]"))
                        : names.stream()
                                .map(n -> "<li><a class=x href=\"" + n + "\">" + n + "</a></li>")
                                .collect(
                                        Collectors.joining(
                                                "\n",
                                                "<html><a href=\"../\">up</a>"
                                                        + "<a href='?C=N;O=D'>Name</a>"
                                                        + "<a href='http://elsewhere/x'>x</a>\n",
                                                "</html>"));
        exchange.getResponseHeaders().set("Content-Type", json ? "application/json" : "text/html");
        answer(exchange, names.isEmpty() ? 404 : 200, page.getBytes(StandardCharsets.UTF_8));
    }

    private static String entry(String name) {
        String type = name.endsWith("/") ? "directory" : "file";
        return "{\"name\":\"" + name.replace("/", "") + "\",\"type\":\"" + type + "\"}";
    }

    private void file(HttpExchange exchange, String path, @Nullable Fault fault)
            throws IOException {
        byte[] content = files.get(path);
        if (content == null) {
            answer(exchange, 404, new byte[0]);
            return;
        }
        String etag = "\"" + HubFake.sha256(content).substring(0, 20) + "\"";
        if (etags) {
            exchange.getResponseHeaders().set("ETag", etag);
        }
        headers.getOrDefault(path, Map.of()).forEach(exchange.getResponseHeaders()::set);
        String range = exchange.getRequestHeaders().getFirst("Range");
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        int from = 0;
        if (range != null && (ifRange == null || ifRange.equals(etag))) {
            from = Integer.parseInt(range.replaceAll("\\D", ""));
            String of = "/" + content.length;
            if (from >= content.length) {
                exchange.getResponseHeaders().set("Content-Range", "bytes *" + of);
                answer(exchange, 416, new byte[0]);
                return;
            }
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + of);
        }
        byte[] bytes = Arrays.copyOfRange(content, from, content.length);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, bytes.length);
        send(exchange, bytes, fault);
    }

    private void send(HttpExchange exchange, byte[] bytes, @Nullable Fault fault)
            throws IOException {
        OutputStream body = exchange.getResponseBody();
        switch (fault) {
            case Fault.CutAfter(int count) -> body.write(bytes, 0, count);
            case Fault.Trickle(Duration pause) -> {
                for (byte b : bytes) {
                    body.write(b);
                    body.flush();
                    if (closes(pause)) {
                        break;
                    }
                }
            }
            case null, default -> body.write(bytes);
        }
        body.flush();
        exchange.close();
    }

    private boolean closes(Duration within) {
        try {
            return closing.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.close();
    }
}
