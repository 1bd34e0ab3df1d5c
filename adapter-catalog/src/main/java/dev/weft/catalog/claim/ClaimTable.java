package dev.weft.catalog.claim;

import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The statements on {@code versions.claimed_by} and {@code claimed_until}, which say which catalog
 * ingests a version. Times are the database's, so the clocks of several catalogs need not agree. A
 * catalog claims under the row's lock, so exactly one of several succeeds.
 */
final class ClaimTable {
    private ClaimTable() {}

    /** Claims the version; true if {@code owner} holds it now. */
    static boolean claim(JdbcClient tx, String owner, long version) {
        return tx.sql(
                                """
                                UPDATE versions
                                SET claimed_by = :owner,
                                    claimed_until = CURRENT_TIMESTAMP
                                        + CAST(:lease AS INTEGER) * INTERVAL '1' SECOND
                                WHERE id = :id
                                    AND state IN
                                        ('Registered', 'Fetching', 'Validating', 'Converting')
                                    AND (claimed_by IS NULL OR claimed_by = :owner
                                        OR claimed_until <= CURRENT_TIMESTAMP)
                                """)
                        .param("owner", owner)
                        .param("lease", lease())
                        .param("id", version)
                        .update()
                == 1;
    }

    /**
     * The versions that {@code owner} holds and nobody has rejected.
     *
     * @param versions at least one
     */
    static List<Long> wanted(JdbcClient tx, String owner, Collection<Long> versions) {
        return tx.sql(
                        """
                        SELECT id FROM versions
                        WHERE claimed_by = :owner AND id IN (:ids)
                            AND state <> 'Rejected'
                        """)
                .param("owner", owner)
                .param("ids", versions)
                .query((row, _) -> row.getLong("id"))
                .list();
    }

    /**
     * Renews the claims that {@code owner} still has.
     *
     * @param versions at least one
     */
    static void renew(JdbcClient tx, String owner, Collection<Long> versions) {
        tx.sql(
                        """
                        UPDATE versions
                        SET claimed_until = CURRENT_TIMESTAMP
                            + CAST(:lease AS INTEGER) * INTERVAL '1' SECOND
                        WHERE claimed_by = :owner AND id IN (:ids)
                        """)
                .param("lease", lease())
                .param("owner", owner)
                .param("ids", versions)
                .update();
    }

    /** Gives up the claim of {@code owner} on the version. */
    static void release(JdbcClient tx, String owner, long version) {
        tx.sql(
                        """
                        UPDATE versions SET claimed_by = NULL, claimed_until = NULL
                        WHERE id = :id AND claimed_by = :owner
                        """)
                .param("id", version)
                .param("owner", owner)
                .update();
    }

    /** Ids above {@code after} of unfinished versions that no other catalog holds, oldest first. */
    static List<Long> free(JdbcClient tx, String owner, long after, int limit) {
        return tx.sql(
                        """
                        SELECT id FROM versions
                        WHERE state IN ('Registered', 'Fetching', 'Validating', 'Converting')
                            AND id > :after
                            AND (claimed_by IS NULL OR claimed_by = :owner
                                OR claimed_until <= CURRENT_TIMESTAMP)
                        ORDER BY id
                        FETCH FIRST :limit ROWS ONLY
                        """)
                .param("after", after)
                .param("owner", owner)
                .param("limit", limit)
                .query((row, _) -> row.getLong("id"))
                .list();
    }

    /** True if another catalog has claimed it since. */
    static boolean isAnothers(JdbcClient tx, String owner, long version) {
        return tx.sql("SELECT id FROM versions WHERE id = :id AND claimed_by <> :owner")
                .param("id", version)
                .param("owner", owner)
                .query((row, _) -> row.getLong("id"))
                .optional()
                .isPresent();
    }

    private static int lease() {
        return Math.toIntExact(IngestLedger.LEASE.toSeconds());
    }
}
