package dev.weft.catalog.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change to the catalog.
 *
 * @param id grows with every entry
 * @param before JSON; null if there was nothing
 * @param after JSON; null if nothing is left
 */
public record AuditEntry(
        long id,
        Instant at,
        AuditedChange change,
        @Nullable String before,
        @Nullable String after) {}
