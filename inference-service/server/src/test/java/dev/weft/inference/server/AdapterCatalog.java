package dev.weft.inference.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.inference.server.residency.artifact.TestArtifacts;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.FeedCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A small catalog on loopback: its adapters' files, and a feed that tells once what there is. */
public final class AdapterCatalog implements AutoCloseable {
    private final Map<String, byte[]> pages = new ConcurrentHashMap<>();
    private final List<CatalogEntry> published = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /** Listens on a free port. */
    public AdapterCatalog() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/artifacts", this::artifact);
        server.createContext("/feed/v1/events", this::feed);
        server.start();
    }

    private void artifact(HttpExchange exchange) throws IOException {
        byte[] page = pages.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]);
        exchange.sendResponseHeaders(page.length == 0 ? 404 : 200, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
    }

    private void feed(HttpExchange exchange) throws IOException {
        CatalogEvent event = new CatalogEvent.Snapshot(1, published);
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        String text =
                "id: 1\nevent: "
                        + FeedCodec.eventName(event)
                        + "\ndata: "
                        + FeedCodec.encode(event)
                        + "\n\n";
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    /** The address it listens on. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The configuration of an adapter that has nothing but a name. */
    public static String plain(String name) {
        return "{\"base_model_name_or_path\":\"" + name + "\"}";
    }

    /**
     * Publishes an adapter whose digest is that of its configuration.
     *
     * @param more its other files
     */
    public AdapterDigest publish(String name, String configuration, Map<String, String> more) {
        AdapterDigest digest = TestArtifacts.digest(configuration);
        Map<String, String> files = new LinkedHashMap<>(more);
        files.put(TestArtifacts.FILE, configuration);
        List<String> listed = new ArrayList<>();
        files.forEach((file, content) -> {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            pages.put("/artifacts/v1/" + digest + "/files/" + file, bytes);
            listed.add(
                    "{\"name\":\"%s\",\"size\":%d,\"sha256\":\"%s\"}"
                            .formatted(
                                    file,
                                    bytes.length,
                                    HexFormat.of().formatHex(TestArtifacts.sha256(bytes))));
        });
        String listing = "{\"digest\":\"" + digest + "\",\"files\":" + listed + "}";
        pages.put("/artifacts/v1/" + digest, listing.getBytes(StandardCharsets.UTF_8));
        LoraFacts facts = new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 0);
        published.add(
                new CatalogEntry(
                        AdapterId.of(name), digest, facts, "HF:weft/" + name, TestWorker.NOW));
        return digest;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
