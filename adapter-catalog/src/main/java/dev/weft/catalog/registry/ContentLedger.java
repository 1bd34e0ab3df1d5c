package dev.weft.catalog.registry;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Transaction;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What versions turned out to be, and so which artifacts are needed: those of versions that are
 * served or may be again, and those that a version under way is about to count on. Blocking, safe
 * for any thread.
 */
public final class ContentLedger {
    private final Database database;

    public ContentLedger(Database database) {
        this.database = database;
    }

    /**
     * A version under way has this content, and needs its artifact from now on; to be said before
     * that is put or found.
     *
     * @param effect norm of what it adds, by module
     */
    public void found(long version, AdapterDigest digest, Map<LinearModule, Double> effect) {
        database.transaction(tx ->
                tx.update(
                        "UPDATE versions SET digest = $1, effect = $2 WHERE id = $3 AND state IN"
                                + " ('Registered', 'Fetching', 'Validating', 'Converting')",
                        digest.toString(),
                        VersionReader.json(effect),
                        version));
    }

    /** What is needed at the moment. */
    public Set<AdapterDigest> needed() {
        return database.transaction(ContentLedger::needed);
    }

    private static Set<AdapterDigest> needed(Transaction tx) {
        return tx
                .query(
                        "SELECT DISTINCT digest FROM versions WHERE digest IS NOT NULL AND state"
                                + " NOT IN ('Retired', 'Rejected')",
                        row -> Transaction.required(row, "digest", String.class))
                .stream()
                .map(AdapterDigest::parse)
                .collect(Collectors.toSet());
    }
}
