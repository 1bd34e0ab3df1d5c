package dev.weft.catalog.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.service.ServiceStart;
import dev.weft.source.SourceConfiguration;
import dev.weft.source.SourceOptions;
import dev.weft.source.object.S3Mock;
import dev.weft.source.object.StoreServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests an artifact store that is unavailable when it is needed. */
@Timeout(300)
class StoreAwayTest {
    @TempDir Path folder;

    @Test
    void aVersionWaitsForTheStoreAndIsReadyOnceItIsThere() throws Exception {
        Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
        try (S3Mock store = new S3Mock();
                Door door = new Door(store.endpoints().s3());
                RunningCatalog catalog = RunningCatalog.start(options(store, door.address()))) {
            long id = catalog.register("sql", repo).path("id").asLong();
            // the second try comes after a pause that is longer than an ingest may take
            JsonNode waits =
                    catalog.await(
                            id,
                            version ->
                                    version.path("waiting")
                                            .asString("")
                                            .endsWith("it is tried again after 4.0 s"));
            assertThat(waits.path("state").asString()).isEqualTo("Converting");
            assertThat(waits.path("waiting").asString())
                    .startsWith("the artifact store: s3://models/artifacts: ");
            door.open();
            JsonNode ready = catalog.settled(id);
            assertThat(ready.path("state").asString()).isEqualTo("Ready");
            assertThat(ready.path("waiting").isNull()).isTrue();
        }
    }

    /** Forwards to a server once it is open; before that every connection ends at once. */
    private static final class Door implements AutoCloseable {
        private final ServerSocket socket =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final URI server;
        private volatile boolean open;

        Door(@Nullable URI server) throws IOException {
            this.server = Objects.requireNonNull(server);
            Thread.ofVirtual().start(this::accept);
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        void open() {
            open = true;
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = socket.accept();
                    if (open) {
                        Socket behind = new Socket(server.getHost(), server.getPort());
                        Thread.ofVirtual().start(() -> copy(client, behind));
                        Thread.ofVirtual().start(() -> copy(behind, client));
                    } else {
                        client.close();
                    }
                }
            } catch (IOException e) {
                // closed
            }
        }

        private static void copy(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // one side has closed, so the other is closed too
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private ServiceStart options(StoreServer store, URI endpoint) throws IOException {
        SourceOptions sources = SourceConfiguration.fromEnvironment(Map.of());
        return RunningCatalog.options(
                        folder,
                        Duration.ofSeconds(3),
                        null,
                        0,
                        "weft.catalog.artifacts=s3://models/artifacts")
                .with(
                        SourceOptions.class,
                        new SourceOptions(
                                sources.hubEndpoint(),
                                sources.rules(),
                                store.credentials(),
                                StoreServer.s3(endpoint),
                                sources.http(),
                                sources.attempts()));
    }
}
