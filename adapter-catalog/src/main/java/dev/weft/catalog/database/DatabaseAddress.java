package dev.weft.catalog.database;

import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One database, as R2DBC and as JDBC (for Flyway) name it.
 *
 * @param options what R2DBC connects with
 * @param jdbcUrl the same database for JDBC, without user and password
 * @param placeholders what the migrations fill in, where the two databases differ
 */
record DatabaseAddress(
        ConnectionFactoryOptions options,
        String jdbcUrl,
        String user,
        String password,
        Map<String, String> placeholders) {
    private static final String ALLOWED =
            "allowed is r2dbc:postgresql://user:password@host:port/name";

    /**
     * What is committed is in the file before anybody is told, not up to half a second later: a
     * process that is killed loses nothing. H2 forgets this when its last connection closes, so
     * each one says it.
     */
    private static final String DURABLE = "SET WRITE_DELAY 0";

    /** The driver has no option for the time that a transaction waits for a lock, in ms. */
    private static final String SESSION = DURABLE + "; SET LOCK_TIMEOUT 10000";

    /** A server that is back is reached within 5 s, whatever became of attempts before. */
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private static final List<String> PASSED_ON = List.of("sslMode", "schema");

    /** H2 in {@code data/catalog.mv.db}. */
    static DatabaseAddress h2(Path data) {
        String file = data.toAbsolutePath().normalize().resolve("catalog").toString();
        if (file.contains(";")) {
            throw new IllegalArgumentException(
                    "data folder '" + data + "': H2 allows no ';' in its path");
        }
        ConnectionFactoryOptions options =
                ConnectionFactoryOptions.builder()
                        .option(ConnectionFactoryOptions.DRIVER, "h2")
                        .option(ConnectionFactoryOptions.PROTOCOL, "file")
                        .option(ConnectionFactoryOptions.DATABASE, file)
                        .option(ConnectionFactoryOptions.USER, "sa")
                        .option(ConnectionFactoryOptions.PASSWORD, "")
                        .option(Option.valueOf("INIT"), SESSION)
                        .build();
        return new DatabaseAddress(
                options, "jdbc:h2:file:" + file, "sa", "", Map.of("nameOrder", ""));
    }

    /** A PostgreSQL elsewhere. */
    static DatabaseAddress postgres(String url) {
        ConnectionFactoryOptions options = parse(url);
        String database = text(options, ConnectionFactoryOptions.DATABASE);
        String host = text(options, ConnectionFactoryOptions.HOST);
        String user = text(options, ConnectionFactoryOptions.USER);
        if (!"postgresql".equals(text(options, ConnectionFactoryOptions.DRIVER))
                || database == null
                || host == null
                || user == null) {
            throw new IllegalArgumentException("weft.catalog.database: " + ALLOWED);
        }
        Object port = options.getValue(ConnectionFactoryOptions.PORT);
        String jdbc =
                "jdbc:postgresql://"
                        + (host.contains(":") ? "[" + host + "]" : host)
                        + (port == null ? "" : ":" + port)
                        + "/"
                        + database
                        + query(options);
        String password = text(options, ConnectionFactoryOptions.PASSWORD);
        return new DatabaseAddress(
                options.hasOption(ConnectionFactoryOptions.CONNECT_TIMEOUT)
                        ? options
                        : options.mutate()
                                .option(ConnectionFactoryOptions.CONNECT_TIMEOUT, CONNECT)
                                .build(),
                jdbc,
                user,
                password == null ? "" : password,
                Map.of("nameOrder", "COLLATE \"C\""));
    }

    private static ConnectionFactoryOptions parse(String url) {
        try {
            return ConnectionFactoryOptions.parse(url);
        } catch (IllegalArgumentException e) {
            // the address holds a password, so neither it nor the parser's message is repeated
            throw new IllegalArgumentException(
                    "weft.catalog.database is no R2DBC address; " + ALLOWED);
        }
    }

    private static String query(ConnectionFactoryOptions options) {
        StringBuilder query = new StringBuilder();
        for (String name : PASSED_ON) {
            String value = text(options, Option.valueOf(name));
            if (value != null) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append("schema".equals(name) ? "currentSchema" : "sslmode")
                        .append('=')
                        .append(value);
            }
        }
        return query.toString();
    }

    private static @Nullable String text(ConnectionFactoryOptions options, Option<?> option) {
        Object value = options.getValue(option);
        return value == null ? null : value.toString();
    }
}
