package dev.weft.catalog.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A real PostgreSQL, with a database that has the catalog's tables, which others are copies of. */
public final class PostgresDatabases implements EmptyDatabases, AutoCloseable {
    private static final String MODEL = "model";

    private final EmbeddedPostgres postgres;
    private int databases;

    PostgresDatabases() {
        try {
            postgres =
                    builder()
                            .setServerConfig("fsync", "off") // it does not outlive the tests
                            .setServerConfig("full_page_writes", "off")
                            .start();
            execute("CREATE DATABASE " + MODEL);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("PostgreSQL did not start", e);
        }
        Databases.open(address(MODEL), Path.of("")).close();
    }

    /** A server that has more than its usual 10 s to start. */
    public static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2));
    }

    @Override
    public Database create(Path data) throws SQLException {
        databases++;
        execute("CREATE DATABASE store" + databases + " TEMPLATE " + MODEL);
        return open(data);
    }

    @Override
    public Database open(Path data) {
        return Databases.open(address("store" + databases), data);
    }

    @Override
    public String waiting() {
        return "SELECT COUNT(*) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND wait_event_type = 'Lock'";
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String address(String name) {
        return "jdbc:postgresql://postgres:postgres@localhost:%d/%s"
                .formatted(postgres.getPort(), name);
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }

    @Override
    public String toString() {
        return "PostgreSQL";
    }
}
