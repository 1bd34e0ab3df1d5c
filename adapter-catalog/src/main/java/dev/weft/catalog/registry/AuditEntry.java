package dev.weft.catalog.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change that was made.
 *
 * @param id grows with every entry
 * @param action e.g. {@code alias.set}
 * @param subject what was changed, e.g. the alias's name
 * @param before JSON; null where there was nothing
 * @param after JSON; null where nothing is left
 */
public record AuditEntry(
        long id,
        Instant at,
        String actor,
        String tenant,
        String action,
        String subject,
        @Nullable String before,
        @Nullable String after) {}
