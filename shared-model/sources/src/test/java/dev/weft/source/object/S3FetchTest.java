package dev.weft.source.object;

import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

class S3FetchTest extends StoreFetchTest {
    @AutoClose private static S3Mock server;

    @BeforeAll
    static void start() throws IOException {
        server = new S3Mock();
    }

    @Override
    StoreServer server() {
        return server;
    }
}
