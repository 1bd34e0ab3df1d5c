package dev.weft.source.object;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class GcsFetchTest extends StoreFetchTest {
    private static GcsFake server;

    @BeforeAll
    static void start() throws IOException {
        server = new GcsFake();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    StoreServer server() {
        return server;
    }

    @Override
    boolean tellsTime() {
        return false;
    }
}
