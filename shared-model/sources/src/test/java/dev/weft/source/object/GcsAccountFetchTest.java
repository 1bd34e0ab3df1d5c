package dev.weft.source.object;

import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

/** Google Cloud Storage with the key of a service account. */
class GcsAccountFetchTest extends StoreFetchTest {
    @AutoClose private static GcsFake server;

    @BeforeAll
    static void start() throws IOException {
        server = new GcsFake(true);
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
