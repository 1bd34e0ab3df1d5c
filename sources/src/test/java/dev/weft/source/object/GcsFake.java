package dev.weft.source.object;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.model.repository.RepositorySource;
import dev.weft.source.secret.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Google Cloud Storage's JSON API as far as it is used: list with prefix and delimiter, get, media
 * with ranges, upload, delete; access by OAuth token.
 */
public final class GcsFake implements StoreServer {
    private static final String TOKEN = "ya29.gcs-hush";
    private static final String OBJECTS = "/storage/v1/b/models/o";

    private static final class Stored {
        private final byte[] content;
        private final long generation;

        Stored(byte[] content, long generation) {
            this.content = content.clone();
            this.generation = generation;
        }
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final AtomicLong generations = new AtomicLong(1);
    private final HttpServer server;

    public GcsFake() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getRawPath();
        Map<String, String> query = query(exchange.getRequestURI());
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        String method = exchange.getRequestMethod();
        if (!("Bearer " + TOKEN).equals(token)) {
            answer(exchange, 401, "{\"error\":{\"code\":401,\"message\":\"Invalid Credentials\"}}");
        } else if (path.startsWith("/upload" + OBJECTS) && method.equals("POST")) {
            upload(exchange, query, body);
        } else if (path.equals(OBJECTS)) {
            answer(exchange, 200, list(query));
        } else if (path.startsWith(OBJECTS + "/")) {
            String name =
                    URLDecoder.decode(
                            path.substring(OBJECTS.length() + 1).replace("+", "%2B"),
                            StandardCharsets.UTF_8);
            object(exchange, method, name, "media".equals(query.get("alt")));
        } else {
            answer(exchange, 404, "{\"error\":{\"code\":404}}");
        }
    }

    private void object(HttpExchange exchange, String method, String name, boolean media)
            throws IOException {
        Stored stored = objects.get(name);
        if (stored == null) {
            answer(exchange, 404, "{\"error\":{\"code\":404,\"message\":\"No such object\"}}");
        } else if (method.equals("DELETE")) {
            objects.remove(name);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        } else if (media) {
            media(exchange, stored);
        } else {
            answer(exchange, 200, json(name, stored));
        }
    }

    private static void media(HttpExchange exchange, Stored stored) throws IOException {
        byte[] content = stored.content;
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = 0;
        int end = content.length;
        if (range != null) {
            String[] ends = range.replace("bytes=", "").split("-", -1);
            from = Integer.parseInt(ends[0]);
            end = ends[1].isEmpty() ? end : Math.min(end, Integer.parseInt(ends[1]) + 1);
            exchange.getResponseHeaders()
                    .set(
                            "Content-Range",
                            "bytes %d-%d/%d".formatted(from, end - 1, content.length));
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, end - from);
        exchange.getResponseBody().write(content, from, end - from);
        exchange.close();
    }

    /** {@code uploadType=media}, or multipart with the metadata first. */
    private void upload(HttpExchange exchange, Map<String, String> query, byte[] body)
            throws IOException {
        byte[] content = body;
        String name = query.getOrDefault("name", "");
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (type.startsWith("multipart/")) {
            String boundary = "--" + type.replaceAll(".*boundary=\"?([^\";]+).*", "$1");
            String text = new String(body, StandardCharsets.ISO_8859_1);
            int second = text.indexOf(boundary, boundary.length());
            int from = text.indexOf("\r\n\r\n", second) + 4;
            int to = text.lastIndexOf("\r\n" + boundary);
            content = Arrays.copyOfRange(body, from, to);
        }
        Stored stored = new Stored(content, generations.incrementAndGet());
        objects.put(name, stored);
        answer(exchange, 200, json(name, stored));
    }

    private String list(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String delimiter = query.getOrDefault("delimiter", "");
        TreeSet<String> folders = new TreeSet<>();
        Map<String, Stored> items = new TreeMap<>();
        objects.forEach((name, stored) -> {
            if (name.startsWith(prefix)) {
                int slash = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
                if (slash < 0) {
                    items.put(name, stored);
                } else {
                    folders.add(name.substring(0, slash + 1));
                }
            }
        });
        return "{\"kind\":\"storage#objects\",\"prefixes\":["
                + folders.stream().map(f -> "\"" + f + "\"").collect(Collectors.joining(","))
                + "],\"items\":["
                + items.entrySet().stream()
                        .map(e -> json(e.getKey(), e.getValue()))
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private static String json(String name, Stored stored) {
        return """
        {"kind":"storage#object","name":"%s","bucket":"models","size":"%d","etag":"CK%d=",\
        "md5Hash":"%s","generation":"%d","contentType":"application/octet-stream",\
        "updated":"2026-11-24T00:00:00.000Z"}\
        """
                .formatted(
                        name,
                        stored.content.length,
                        stored.generation,
                        md5(stored.content),
                        stored.generation);
    }

    private static String md5(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(content);
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> values = new TreeMap<>();
        String raw = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String pair : raw.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            values.put(
                    parts[0],
                    parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return values;
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.size());
        exchange.getResponseBody().write(bytes.toByteArray());
        exchange.close();
    }

    @Override
    public RepositorySource source() {
        return RepositorySource.GCS;
    }

    @Override
    public String bucket() {
        return "models";
    }

    @Override
    public StoreEndpoints endpoints() {
        return new StoreEndpoints(
                null,
                null,
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                null,
                null);
    }

    @Override
    public Credentials credentials() {
        return StoreServer.credentials("gs://models", TOKEN);
    }

    @Override
    public Credentials wrongCredentials() {
        return StoreServer.credentials("gcs", "other-" + TOKEN);
    }

    @Override
    public String secret() {
        return TOKEN;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
