package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests shadows on a real PostgreSQL, with a separate database for each test. */
class PostgresShadowsTest extends ShadowsContractTest {
    private static EmbeddedPostgres postgres;
    private static int databases;

    @TempDir private Path data;

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @Override
    void prepare() throws Exception {
        databases++;
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE store" + databases);
        }
    }

    @Override
    Database open() {
        return Databases.open(
                "r2dbc:postgresql://postgres:postgres@localhost:"
                        + postgres.getPort()
                        + "/store"
                        + databases,
                data);
    }
}
