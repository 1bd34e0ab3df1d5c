package dev.weft.catalog.registry;

import dev.weft.access.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token without its secret.
 *
 * @param name for people, and the actor of what it does
 * @param tenant whose adapters it is for; null for all
 * @param revoked when it was taken back; null where it was not
 */
public record Token(
        long id,
        String name,
        Role role,
        @Nullable String tenant,
        Instant created,
        @Nullable Instant revoked) {}
