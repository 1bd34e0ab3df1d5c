package dev.weft.catalog.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real PostgreSQL while the tests of a class run, with as many databases as they create. */
public final class PostgresDatabases implements BeforeAllCallback, AfterAllCallback {
    private @Nullable EmbeddedPostgres postgres;
    private int databases;

    @Override
    public void beforeAll(ExtensionContext tests) throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @Override
    public void afterAll(ExtensionContext tests) throws IOException {
        running().close();
    }

    private EmbeddedPostgres running() {
        return Objects.requireNonNull(postgres, "no test runs");
    }

    /** Creates an empty database, which {@link #open} opens from now on. */
    public void create() throws SQLException {
        databases++;
        try (Connection connection = running().getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE store" + databases);
        }
    }

    /**
     * Opens the database that was created last.
     *
     * @param data the catalog's data folder
     */
    public Database open(Path data) {
        return Databases.open(
                "r2dbc:postgresql://postgres:postgres@localhost:"
                        + running().getPort()
                        + "/store"
                        + databases,
                data);
    }
}
