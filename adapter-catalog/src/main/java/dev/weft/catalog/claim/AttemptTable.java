package dev.weft.catalog.claim;

import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements on {@code versions.attempts}. */
final class AttemptTable {
    private AttemptTable() {}

    /** Adds {@code more} to the count and returns the new count. */
    static int count(JdbcClient tx, long version, int more) {
        tx.sql("UPDATE versions SET attempts = attempts + :more WHERE id = :id")
                .param("more", more)
                .param("id", version)
                .update();
        return tx.sql("SELECT attempts FROM versions WHERE id = :id")
                .param("id", version)
                .query((row, _) -> row.getInt("attempts"))
                .single();
    }
}
