package dev.weft.system.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.system.fleet.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A hub with the two calls that downloads need: {@code /api/models/REPO/revision/COMMIT} and {@code
 * /REPO/resolve/COMMIT/FILE}, on loopback.
 */
final class LoopbackHub implements AutoCloseable {
    private record Repository(String commit, Path folder) {
        List<String> files() throws IOException {
            try (Stream<Path> all = Files.list(folder)) {
                return all.map(path -> path.getFileName().toString()).sorted().toList();
            }
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Repository> repositories = new ConcurrentHashMap<>();

    LoopbackHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void publish(String repository, String commit, Path folder) {
        repositories.put(repository, new Repository(commit, folder));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        for (Map.Entry<String, Repository> each : repositories.entrySet()) {
            Repository repository = each.getValue();
            if (path.equals("/api/models/" + each.getKey() + "/revision/" + repository.commit())) {
                send(exchange, Map.of(), listing(repository));
                return;
            }
            String files = "/" + each.getKey() + "/resolve/" + repository.commit() + "/";
            if (path.startsWith(files)) {
                String name = path.substring(files.length());
                if (repository.files().contains(name)) {
                    byte[] content = Files.readAllBytes(repository.folder().resolve(name));
                    send(exchange, Map.of("ETag", "\"" + gitHash(content) + "\""), content);
                    return;
                }
            }
        }
        exchange.sendResponseHeaders(404, -1);
        exchange.close();
    }

    private static byte[] listing(Repository repository) throws IOException {
        Map<String, Object> listing = new TreeMap<>();
        listing.put("sha", repository.commit());
        listing.put(
                "siblings",
                repository.files().stream().map(name -> Map.of("rfilename", name)).toList());
        return Http.JSON.writeValueAsBytes(listing);
    }

    private static void send(HttpExchange exchange, Map<String, String> headers, byte[] body)
            throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", "" + body.length);
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    /** The hash that git gives to a file with this content, which is also the hub's ETag. */
    private static String gitHash(byte[] content) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha1.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
