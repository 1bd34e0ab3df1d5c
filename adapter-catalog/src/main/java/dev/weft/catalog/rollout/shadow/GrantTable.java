package dev.weft.catalog.rollout.shadow;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The statements on {@code shadow_grants}. A change of a row needs the lock on its shadow's row.
 */
final class GrantTable {
    private GrantTable() {}

    /** Tokens that a run of a gateway was granted so far. */
    static long read(JdbcClient tx, long shadow, String instance) {
        return tx.sql(
                        """
                        SELECT granted FROM shadow_grants
                        WHERE shadow_id = :shadow AND instance = :instance
                        """)
                .param("shadow", shadow)
                .param("instance", instance)
                .query((row, _) -> row.getLong("granted"))
                .optional()
                .orElse(0L);
    }

    static void write(JdbcClient tx, long shadow, String instance, long granted) {
        int known =
                tx.sql(
                                """
                                UPDATE shadow_grants SET granted = :granted
                                WHERE shadow_id = :shadow AND instance = :instance
                                """)
                        .param("granted", granted)
                        .param("shadow", shadow)
                        .param("instance", instance)
                        .update();
        if (known == 0) {
            tx.sql(
                            """
                            INSERT INTO shadow_grants (shadow_id, instance, granted)
                            VALUES (:shadow, :instance, :granted)
                            """)
                    .param("shadow", shadow)
                    .param("instance", instance)
                    .param("granted", granted)
                    .update();
        }
    }
}
