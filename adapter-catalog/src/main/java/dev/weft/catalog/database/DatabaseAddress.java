package dev.weft.catalog.database;

import java.nio.file.Path;
import java.util.Map;

/**
 * One database, as JDBC names it.
 *
 * @param jdbcUrl without user and password
 * @param driver the driver's properties; {@code jdbcUrl} overrides them
 * @param placeholders text that the migrations fill in because the two databases differ
 */
record DatabaseAddress(
        String jdbcUrl,
        String user,
        String password,
        Map<String, String> driver,
        Map<String, String> placeholders) {

    /**
     * A commit is in the file before it is reported, not up to half a second later, so a killed
     * process loses nothing. H2 forgets this setting when its last connection closes, so each
     * connection sets it.
     */
    private static final String DURABLE = "SET WRITE_DELAY 0";

    /** How long a transaction waits for a lock, in ms. */
    private static final String PATIENT = "SET LOCK_TIMEOUT 10000";

    /**
     * A server that comes back is reached soon, even after failed attempts. The values are seconds
     * for a connection, for a session on it, and for cancelling a statement.
     */
    private static final Map<String, String> SOON =
            Map.of("connectTimeout", "3", "loginTimeout", "4", "cancelSignalTimeout", "3");

    /** H2 in {@code data/catalog.mv.db}. */
    static DatabaseAddress h2(Path data) {
        String file = data.toAbsolutePath().normalize().resolve("catalog").toString();
        if (file.contains(";")) {
            throw new IllegalArgumentException(
                    "data folder '" + data + "': H2 allows no ';' in its path");
        }
        return new DatabaseAddress(
                "jdbc:h2:file:" + file + ";INIT=" + DURABLE + "\\;" + PATIENT,
                "sa",
                "",
                Map.of(),
                Map.of("nameOrder", ""));
    }

    /**
     * A PostgreSQL server.
     *
     * @throws IllegalArgumentException if it isn't such an address; the message doesn't repeat it,
     *     since it may hold a password
     */
    static DatabaseAddress postgres(String url) {
        PostgresUrl parsed = PostgresUrl.parse(url);
        return new DatabaseAddress(
                parsed.jdbc(),
                parsed.user(),
                parsed.password(),
                SOON,
                Map.of("nameOrder", "COLLATE \"C\""));
    }

    /** The address without parameters and settings, which may hold secrets. */
    @Override
    public String toString() {
        return jdbcUrl.split("[?;]", 2)[0];
    }
}
