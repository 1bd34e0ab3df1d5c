package dev.weft.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
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
 * A hub on loopback that speaks like huggingface.co: listings, small files with git's hash as ETag,
 * large ones by a redirect with X-Linked-Etag to a storage at another address, ranges, access by
 * token. It fails on request.
 */
final class HubFake implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String NEXT_COMMIT = "fedcba9876543210fedcba9876543210fedcba98";

    /** A request as it arrived; {@code server} is hub or storage. */
    record Seen(String server, String path, @Nullable String token, @Nullable String range) {}

    /** The fault with which the next request for a path is answered. */
    sealed interface Fault {
        record Status(int code, Map<String, String> headers) implements Fault {}

        record CutAfter(int bytes) implements Fault {}

        record StallAfter(int bytes) implements Fault {}

        record WrongBytes() implements Fault {}

        record IgnoreRange() implements Fault {}

        record RedirectTo(String location) implements Fault {}
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer hub;
    private final HttpServer storage;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Map<String, Map<String, byte[]>> commits = new ConcurrentHashMap<>();
    private final Map<String, String> revisions = new ConcurrentHashMap<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private volatile String requiredToken = "";
    private volatile int largeFrom = 1000;

    HubFake() throws IOException {
        hub = start(this::serveHub);
        storage = start(this::serveStorage);
    }

    private HttpServer start(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = HttpServer.create(any, 0);
        server.createContext("/", handler);
        server.setExecutor(threads);
        server.start();
        return server;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    URI storageAddress() {
        return URI.create("http://127.0.0.1:" + storage.getAddress().getPort());
    }

    /** Adds a file to a commit; files of 1000 bytes and more are large ones. */
    HubFake file(String commit, String name, byte[] content) {
        commits.computeIfAbsent(commit, _ -> new TreeMap<>()).put(name, content);
        return this;
    }

    HubFake file(String commit, String name, String content) {
        return file(commit, name, content.getBytes(StandardCharsets.UTF_8));
    }

    HubFake revision(String revision, String commit) {
        revisions.put(revision, commit);
        return this;
    }

    HubFake requireToken(String token) {
        requiredToken = token;
        return this;
    }

    /** The hub itself sends every file. */
    HubFake withoutStorage() {
        largeFrom = Integer.MAX_VALUE;
        return this;
    }

    /** The next requests whose path ends so fail, one after the other. */
    HubFake fail(String pathEnd, Fault... next) {
        faults.computeIfAbsent(pathEnd, _ -> new ArrayDeque<>()).addAll(List.of(next));
        return this;
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    List<Seen> seen(String server, String pathEnd) {
        return seen.stream()
                .filter(s -> s.server.equals(server) && s.path.endsWith(pathEnd))
                .toList();
    }

    void forget() {
        seen.clear();
    }

    private void serveHub(HttpExchange exchange) throws IOException {
        String path = note("hub", exchange);
        Fault fault = nextFault(path);
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        if (fault instanceof Fault.Status || fault instanceof Fault.RedirectTo) {
            answerFault(exchange, fault);
        } else if (!requiredToken.isEmpty() && !("Bearer " + requiredToken).equals(token)) {
            answer(exchange, 401, Map.of("X-Error-Message", "Invalid credentials"), new byte[0]);
        } else if (path.startsWith("/api/models/")) {
            serveListing(exchange, path);
        } else {
            serveFile(exchange, path, fault);
        }
    }

    private void serveListing(HttpExchange exchange, String path) throws IOException {
        String[] parts = path.substring("/api/models/".length()).split("/revision/", 2);
        String commit = parts.length < 2 ? null : revisions.getOrDefault(parts[1], parts[1]);
        Map<String, byte[]> files = commit == null ? null : commits.get(commit);
        if (files == null || !parts[0].equals("owner/name")) {
            answer(exchange, 404, Map.of("X-Error-Code", "RepoNotFound"), new byte[0]);
            return;
        }
        String siblings =
                files.keySet().stream()
                        .map(name -> "{\"rfilename\":\"" + name.replace("\\", "\\\\") + "\"}")
                        .collect(Collectors.joining(","));
        String json = "{\"id\":\"owner/name\",\"sha\":\"" + commit + "\",\"siblings\":[" + siblings;
        answer(exchange, 200, Map.of(), (json + "]}").getBytes(StandardCharsets.UTF_8));
    }

    private void serveFile(HttpExchange exchange, String path, @Nullable Fault fault)
            throws IOException {
        byte[] content = content(path);
        if (content == null) {
            answer(exchange, 404, Map.of("X-Error-Code", "EntryNotFound"), new byte[0]);
        } else if (content.length >= largeFrom) {
            Map<String, String> headers =
                    Map.of(
                            "Location",
                            storageAddress() + path,
                            "ETag",
                            "\"of-the-redirect\"",
                            "X-Linked-Etag",
                            "\"" + sha256(content) + "\"",
                            "X-Linked-Size",
                            "" + content.length);
            answer(exchange, 302, headers, new byte[0]);
        } else {
            answerContent(exchange, content, gitHash(content), fault);
        }
    }

    private void serveStorage(HttpExchange exchange) throws IOException {
        String path = note("storage", exchange);
        byte[] content = content(path);
        Fault fault = nextFault("storage:" + path);
        if (fault instanceof Fault.Status || fault instanceof Fault.RedirectTo) {
            answerFault(exchange, fault);
        } else if (content == null) {
            answer(exchange, 404, Map.of(), new byte[0]);
        } else {
            answerContent(exchange, content, "of-the-storage", fault);
        }
    }

    private byte @Nullable [] content(String path) {
        String[] parts = path.split("/resolve/", 2);
        int slash = parts.length < 2 ? -1 : parts[1].indexOf('/');
        if (slash < 0) {
            return null;
        }
        Map<String, byte[]> files = commits.get(parts[1].substring(0, slash));
        return files == null ? null : files.get(parts[1].substring(slash + 1));
    }

    private void answerContent(
            HttpExchange exchange, byte[] content, String etag, @Nullable Fault fault)
            throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        Map<String, String> headers = new TreeMap<>(Map.of("ETag", "W/\"" + etag + "\""));
        int from = 0;
        if (range != null && !(fault instanceof Fault.IgnoreRange)) {
            from = Integer.parseInt(range.replaceAll("\\D", ""));
            if (from >= content.length) {
                headers.put("Content-Range", "bytes */" + content.length);
                answer(exchange, 416, headers, new byte[0]);
                return;
            }
            int last = content.length - 1;
            headers.put("Content-Range", "bytes " + from + "-" + last + "/" + content.length);
        }
        byte[] bytes = Arrays.copyOfRange(content, from, content.length);
        if (fault instanceof Fault.WrongBytes) {
            bytes[bytes.length - 1] ^= 1;
        }
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, bytes.length);
        send(exchange, bytes, fault);
    }

    private void send(HttpExchange exchange, byte[] bytes, @Nullable Fault fault)
            throws IOException {
        OutputStream body = exchange.getResponseBody();
        switch (fault) {
            case Fault.CutAfter(int count) -> body.write(bytes, 0, count);
            case Fault.StallAfter(int count) -> {
                body.write(bytes, 0, count);
                body.flush();
                awaitClose();
            }
            case null, default -> body.write(bytes);
        }
        body.flush();
        exchange.close();
    }

    private void awaitClose() {
        try {
            closing.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answerFault(HttpExchange exchange, Fault fault) throws IOException {
        if (fault instanceof Fault.Status(int code, Map<String, String> headers)) {
            answer(exchange, code, headers, new byte[0]);
        } else if (fault instanceof Fault.RedirectTo(String location)) {
            answer(exchange, 307, Map.of("Location", location), new byte[0]);
        }
    }

    private static void answer(
            HttpExchange exchange, int status, Map<String, String> headers, byte[] body)
            throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String note(String server, HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        var headers = exchange.getRequestHeaders();
        seen.add(
                new Seen(
                        server,
                        path,
                        headers.getFirst("Authorization"),
                        headers.getFirst("Range")));
        return path;
    }

    private @Nullable Fault nextFault(String path) {
        for (Map.Entry<String, Deque<Fault>> entry : faults.entrySet()) {
            if (path.endsWith(entry.getKey())) {
                synchronized (entry.getValue()) {
                    return entry.getValue().poll();
                }
            }
        }
        return null;
    }

    static String sha256(byte[] content) {
        return hash("SHA-256", List.of(content));
    }

    private static String gitHash(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
        return hash("SHA-1", List.of(head, content));
    }

    private static String hash(String algorithm, List<byte[]> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            new ArrayList<>(parts).forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        hub.stop(0);
        storage.stop(0);
        threads.close();
    }
}
