package dev.weft.source.object;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3FetchTest extends StoreFetchTest {
    private static S3Mock server;

    @BeforeAll
    static void start() throws IOException {
        server = new S3Mock();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    StoreServer server() {
        return server;
    }
}
