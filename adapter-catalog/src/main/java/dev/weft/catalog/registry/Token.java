package dev.weft.catalog.registry;

import dev.weft.access.holder.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token without its secret.
 *
 * @param name for people, and the actor of what it does
 * @param tenant whose adapters it is for; null for all
 * @param expires when it ends by itself; null where it does not
 * @param used when it was last used, to the minute; null where it was not
 * @param revoked when it was taken back; null where it was not
 */
public record Token(
        long id,
        String name,
        Role role,
        @Nullable String tenant,
        Instant created,
        @Nullable Instant expires,
        @Nullable Instant used,
        @Nullable Instant revoked) {}
