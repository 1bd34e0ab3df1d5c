package dev.weft.catalog.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change that was made.
 *
 * @param id grows with every entry
 * @param before JSON; null where there was nothing
 * @param after JSON; null where nothing is left
 */
public record AuditEntry(
        long id, Instant at, Change change, @Nullable String before, @Nullable String after) {}
