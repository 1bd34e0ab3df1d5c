package dev.weft.catalog.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** A real PostgreSQL for all classes of a run, with as many databases as they create. */
public final class PostgresDatabases implements BeforeAllCallback {
    private static final Namespace HERE = Namespace.create(PostgresDatabases.class);

    private @Nullable Server server;
    private String database = "";

    /** A server that has more than its usual 10 s to start. */
    public static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2));
    }

    /** The server, with a database that has the catalog's tables, which others are copies of. */
    private static final class Server implements AutoCloseable {
        private static final String MODEL = "model";

        private final EmbeddedPostgres postgres;
        private int databases;

        Server() {
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

        synchronized String create() throws SQLException {
            String name = "store" + databases++;
            execute("CREATE DATABASE " + name + " TEMPLATE " + MODEL);
            return name;
        }

        private void execute(String sql) throws SQLException {
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        String address(String name) {
            return "jdbc:postgresql://postgres:postgres@localhost:%d/%s"
                    .formatted(postgres.getPort(), name);
        }

        @Override
        public void close() throws IOException {
            postgres.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext tests) {
        server =
                tests.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, HERE)
                        .computeIfAbsent(Server.class, _ -> new Server(), Server.class);
    }

    private Server running() {
        return Objects.requireNonNull(server, "no test runs");
    }

    /** Creates a database with empty tables, which {@link #open} opens from now on. */
    public void create() throws SQLException {
        database = running().create();
    }

    /**
     * Opens the database that was created last.
     *
     * @param data the catalog's data folder
     */
    public Database open(Path data) {
        return Databases.open(running().address(database), data);
    }
}
