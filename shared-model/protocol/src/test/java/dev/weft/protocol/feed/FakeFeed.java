package dev.weft.protocol.feed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A catalog's feed on loopback. Each connection is handed to the test, which decides what it sends.
 */
final class FakeFeed implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
    volatile int status = 200;
    volatile String type = "text/event-stream";

    FakeFeed(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/feed/v1/events", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next connection of the follower. */
    Connection accept() throws InterruptedException {
        Connection connection = connections.poll(10, TimeUnit.SECONDS);
        if (connection == null) {
            throw new AssertionError("no connection within 10 s");
        }
        return connection;
    }

    /** True if the follower did not connect again within this time. */
    boolean quietFor(Duration time) throws InterruptedException {
        return connections.poll(time.toMillis(), TimeUnit.MILLISECONDS) == null;
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().flush();
        connections.add(
                new Connection(exchange, exchange.getRequestHeaders().getFirst("Last-Event-ID")));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    record Connection(HttpExchange exchange, @Nullable String lastEventId) {
        void say(CatalogEvent event) throws IOException {
            say(event, Long.toString(event.sequence()));
        }

        void say(CatalogEvent event, String id) throws IOException {
            write(
                    "id: %s\nevent: %s\ndata: %s\n\n"
                            .formatted(id, FeedCodec.eventName(event), FeedCodec.encode(event)));
        }

        void write(String text) throws IOException {
            OutputStream out = exchange.getResponseBody();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        void end() {
            exchange.close();
        }
    }
}
