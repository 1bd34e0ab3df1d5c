package dev.weft.catalog.registry;

import dev.weft.catalog.database.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements on {@code versions.claimed_by} and {@code claimed_until}: which catalog takes a
 * version in. Times are the database's, so that the clocks of several catalogs need not agree; who
 * claims holds the row's lock, so that of several exactly one succeeds.
 */
final class ClaimTable {
    private static final String WORKING =
            "state IN ('Registered', 'Fetching', 'Validating', 'Converting')";
    private static final String UNTIL =
            "CURRENT_TIMESTAMP + INTERVAL '" + IngestLedger.LEASE.toSeconds() + "' SECOND";
    private static final String FREE =
            "(claimed_by IS NULL OR claimed_by = $1 OR claimed_until <= CURRENT_TIMESTAMP)";

    private ClaimTable() {}

    /** True where {@code owner} holds it from now on. */
    static boolean claim(Transaction tx, String owner, long version) {
        return tx.update(
                        "UPDATE versions SET claimed_by = $1, claimed_until = "
                                + UNTIL
                                + " WHERE id = $2 AND "
                                + WORKING
                                + " AND "
                                + FREE,
                        owner,
                        version)
                == 1;
    }

    /** Holds on to those that {@code owner} still has. */
    static void renew(Transaction tx, String owner, Collection<Long> versions) {
        String ids = versions.stream().map(String::valueOf).collect(Collectors.joining(", "));
        tx.update(
                "UPDATE versions SET claimed_until = "
                        + UNTIL
                        + " WHERE claimed_by = $1 AND id IN ("
                        + ids
                        + ")",
                owner);
    }

    /** Lets go what {@code owner} has not finished. */
    static void release(Transaction tx, String owner, long version) {
        tx.update(
                "UPDATE versions SET claimed_by = NULL, claimed_until = NULL"
                        + " WHERE id = $1 AND claimed_by = $2",
                version,
                owner);
    }

    /** Versions under way that nobody else holds, oldest first. */
    static List<Long> free(Transaction tx, String owner, int limit) {
        return tx.query(
                "SELECT id FROM versions WHERE "
                        + WORKING
                        + " AND "
                        + FREE
                        + " ORDER BY id FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                row -> Transaction.required(row, "id", Long.class),
                owner);
    }

    /** True where another catalog has claimed it since. */
    static boolean isAnothers(Transaction tx, String owner, long version) {
        return !tx.query(
                        "SELECT id FROM versions WHERE id = $1 AND claimed_by <> $2",
                        row -> 1,
                        version,
                        owner)
                .isEmpty();
    }
}
