package dev.weft.catalog.artifact;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.version.VersionReader;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The contents of versions, and so the needed artifacts: those of versions that are served or may
 * be again, and those that an unfinished version is about to rely on. Calls block. Safe for any
 * thread.
 */
public final class ContentLedger {
    private final Database database;

    ContentLedger(Database database) {
        this.database = database;
    }

    /**
     * Notes that an unfinished version has this content, and needs its artifact from now on. Call
     * this before the artifact is put or found.
     *
     * @param effect norm of the change that it adds, by module
     */
    public void found(long version, AdapterDigest digest, Map<LinearModule, Double> effect) {
        database.transaction(tx ->
                tx.sql(
                                """
                                UPDATE versions SET digest = :digest, effect = :effect
                                WHERE id = :id AND state IN
                                    ('Registered', 'Fetching', 'Validating', 'Converting')
                                """)
                        .param("digest", digest.toString())
                        .param("effect", VersionReader.json(effect))
                        .param("id", version)
                        .update());
    }

    /** The artifacts that are needed now. */
    Set<AdapterDigest> needed() {
        return database.transaction(ContentLedger::needed);
    }

    private static Set<AdapterDigest> needed(JdbcClient tx) {
        return tx
                .sql(
                        """
                        SELECT DISTINCT digest FROM versions
                        WHERE digest IS NOT NULL AND state NOT IN ('Retired', 'Rejected')
                        """)
                .query((row, _) -> AdapterDigest.parse(Rows.text(row, "digest")))
                .stream()
                .collect(Collectors.toSet());
    }
}
