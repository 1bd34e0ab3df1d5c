package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.nullable;
import static dev.weft.catalog.database.Transaction.required;

import dev.weft.catalog.database.Transaction;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The statements on table {@code audit_log}. An entry is of the transaction of its change. */
final class AuditTable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST_SUBJECT = 256;

    private AuditTable() {}

    /**
     * Writes who did what.
     *
     * @param before what there was, as a value that can be JSON; null for nothing
     * @param after what there is now
     */
    static void write(
            Transaction tx,
            Change change,
            Instant now,
            @Nullable Object before,
            @Nullable Object after) {
        tx.update(
                "INSERT INTO audit_log (at, actor, tenant, action, subject, before_json,"
                        + " after_json) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                now.atOffset(ZoneOffset.UTC),
                change.actor().name(),
                change.tenant(),
                change.action(),
                change.subject(),
                nullable(String.class, before == null ? null : JSON.writeValueAsString(before)),
                nullable(String.class, after == null ? null : JSON.writeValueAsString(after)));
    }

    /** Who does what to whom. */
    record Change(Actor actor, String tenant, String action, String subject) {
        Change {
            subject =
                    subject.length() <= LONGEST_SUBJECT
                            ? subject
                            : subject.substring(0, LONGEST_SUBJECT);
        }

        static Change of(Actor actor, String action, AdapterId subject) {
            return new Change(actor, subject.tenant(), action, subject.name());
        }
    }

    /** Newest first. */
    static List<AuditEntry> page(Transaction tx, String tenant, long before, int limit) {
        return tx.query(
                "SELECT id, at, actor, tenant, action, subject, before_json, after_json FROM"
                        + " audit_log WHERE tenant = $1 AND id < $2 ORDER BY id DESC FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                row ->
                        new AuditEntry(
                                required(row, "id", Long.class),
                                required(row, "at", OffsetDateTime.class).toInstant(),
                                required(row, "actor", String.class),
                                required(row, "tenant", String.class),
                                required(row, "action", String.class),
                                required(row, "subject", String.class),
                                row.get("before_json", String.class),
                                row.get("after_json", String.class)),
                tenant,
                before);
    }
}
