package dev.weft.catalog.token;

import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token without its secret.
 *
 * @param key id of the first of the tokens that replaced each other; accounts are kept for it
 * @param name for people; the audit log shows it as the actor
 * @param tenant the tenant whose adapters it is for; null for all
 */
public record Token(
        long id,
        long key,
        String name,
        Role role,
        @Nullable String tenant,
        KeyLimits limits,
        Times times) {

    /**
     * The times of a token's life.
     *
     * @param expires when it expires; null if never
     * @param used when it was last used, to the minute; null if never
     * @param revoked when it was revoked; null if it wasn't
     */
    public record Times(
            Instant created,
            @Nullable Instant expires,
            @Nullable Instant used,
            @Nullable Instant revoked) {}
}
