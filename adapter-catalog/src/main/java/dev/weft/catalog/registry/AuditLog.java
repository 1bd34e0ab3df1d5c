package dev.weft.catalog.registry;

import dev.weft.catalog.database.Database;
import java.util.List;

/** What was changed, by whom and when. Entries are never changed or removed. Blocking. */
public final class AuditLog {
    private final Database database;

    public AuditLog(Database database) {
        this.database = database;
    }

    /** Entries of a tenant with an id below {@code before}, newest first, at most {@code limit}. */
    public List<AuditEntry> page(String tenant, long before, int limit) {
        return database.transaction(tx -> AuditTable.page(tx, tenant, before, limit));
    }
}
