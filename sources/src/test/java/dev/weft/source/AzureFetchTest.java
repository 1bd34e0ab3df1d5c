package dev.weft.source;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.source.object.Azurite;
import dev.weft.source.object.StoreServer;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AzureFetchTest extends StoreFetchTest {
    private static @Nullable Azurite server;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Azurite.isInstalled(), "npm's azurite is not installed: ./weft test does it");
        server = new Azurite();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    StoreServer server() {
        return Objects.requireNonNull(server);
    }
}
