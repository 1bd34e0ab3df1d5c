package dev.weft.catalog.registry;

import dev.weft.catalog.database.Transaction;

/** The statements on {@code versions.attempts}. */
final class AttemptTable {
    private AttemptTable() {}

    /** Adds to it, and returns what it is then. */
    static int count(Transaction tx, long version, int more) {
        tx.update("UPDATE versions SET attempts = attempts + $1 WHERE id = $2", more, version);
        return tx.query(
                        "SELECT attempts FROM versions WHERE id = $1",
                        row -> Transaction.required(row, "attempts", Integer.class),
                        version)
                .getFirst();
    }
}
