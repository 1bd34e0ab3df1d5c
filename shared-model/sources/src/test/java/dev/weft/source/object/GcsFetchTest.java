package dev.weft.source.object;

import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

class GcsFetchTest extends StoreFetchTest {
    @AutoClose private static GcsFake server;

    @BeforeAll
    static void start() throws IOException {
        server = new GcsFake();
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
