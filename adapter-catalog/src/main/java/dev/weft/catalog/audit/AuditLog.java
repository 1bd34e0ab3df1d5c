package dev.weft.catalog.audit;

import dev.weft.catalog.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What was changed, by whom and when. Entries are never changed or removed. Calls block. */
public final class AuditLog {
    private final Database database;

    public AuditLog(Database database) {
        this.database = database;
    }

    /** Writes an entry for an action that was not allowed. */
    public void refused(Actor actor, String tenant, String what, String why, Instant now) {
        database.transaction(tx -> {
            AuditTable.write(
                    tx,
                    new AuditedChange(actor, tenant, "refused", what),
                    now,
                    null,
                    Map.of("why", why));
            return what;
        });
    }

    /** Entries of a tenant with an id below {@code before}, newest first, at most {@code limit}. */
    public List<AuditEntry> page(String tenant, long before, int limit) {
        return database.transaction(tx -> AuditTable.page(tx, tenant, before, limit));
    }
}
