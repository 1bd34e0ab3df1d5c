package dev.weft.catalog.usage;

import dev.weft.catalog.database.Rows;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The statements on {@code usage_instances}: the last number that was taken from each run of a
 * gateway.
 */
public final class InstanceTable {
    private InstanceTable() {}

    /**
     * Notes a number as taken, and locks the instance's row until the transaction ends.
     *
     * @return false if that number, or a later one, was taken before
     */
    public static boolean take(JdbcClient tx, String instance, long number, Instant now) {
        int taken =
                tx.sql(
                                """
                                UPDATE usage_instances SET last_number = :number, seen_at = :now
                                WHERE instance = :instance AND last_number < :number
                                """)
                        .param("number", number)
                        .param("now", Rows.time(now))
                        .param("instance", instance)
                        .update();
        if (taken > 0) {
            return true;
        }
        if (isKnown(tx, instance)) {
            return false;
        }
        // two that insert at once: one of them loses the race, and its transaction runs again
        tx.sql(
                        """
                        INSERT INTO usage_instances (instance, last_number, seen_at)
                        VALUES (:instance, :number, :now)
                        """)
                .param("instance", instance)
                .param("number", number)
                .param("now", Rows.time(now))
                .update();
        return true;
    }

    private static boolean isKnown(JdbcClient tx, String instance) {
        return tx.sql("SELECT instance FROM usage_instances WHERE instance = :instance")
                .param("instance", instance)
                .query((row, _) -> Rows.text(row, "instance"))
                .optional()
                .isPresent();
    }

    /** Forgets instances that were last heard of before that moment. */
    static void forget(JdbcClient tx, Instant before) {
        tx.sql("DELETE FROM usage_instances WHERE seen_at < :before")
                .param("before", Rows.time(before))
                .update();
    }
}
