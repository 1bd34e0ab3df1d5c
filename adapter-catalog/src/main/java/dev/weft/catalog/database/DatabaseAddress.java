package dev.weft.catalog.database;

import java.nio.file.Path;
import java.util.Map;

/**
 * One database, as JDBC names it.
 *
 * @param jdbcUrl without user and password
 * @param driver what the driver is set to where {@code jdbcUrl} says nothing of it
 * @param placeholders what the migrations fill in, where the two databases differ
 */
record DatabaseAddress(
        String jdbcUrl,
        String user,
        String password,
        Map<String, String> driver,
        Map<String, String> placeholders) {

    /**
     * What is committed is in the file before anybody is told, not up to half a second later: a
     * process that is killed loses nothing. H2 forgets this when its last connection closes, so
     * each one says it.
     */
    private static final String DURABLE = "SET WRITE_DELAY 0";

    /** How long a transaction waits for a lock, in ms. */
    private static final String PATIENT = "SET LOCK_TIMEOUT 10000";

    /**
     * A server that is back is reached soon, whatever became of attempts before: seconds for a
     * connection, for a session on it, and for a statement that is told to stop.
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
     * A PostgreSQL elsewhere.
     *
     * @throws IllegalArgumentException if it is no such address; repeats nothing of it, since it
     *     may hold a password
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

    /** Without parameters and settings, among which there may be secrets. */
    @Override
    public String toString() {
        return jdbcUrl.split("[?;]", 2)[0];
    }
}
