package dev.weft.catalog.token;

import dev.weft.access.holder.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token without its secret.
 *
 * @param name for people, and the actor of what it does
 * @param tenant whose adapters it is for; null for all
 */
public record Token(long id, String name, Role role, @Nullable String tenant, Times times) {

    /**
     * When things happen to a token.
     *
     * @param expires when it ends by itself; null where it does not
     * @param used when it was last used, to the minute; null where it was not
     * @param revoked when it was taken back; null where it was not
     */
    public record Times(
            Instant created,
            @Nullable Instant expires,
            @Nullable Instant used,
            @Nullable Instant revoked) {}

    /** When it was made. */
    public Instant created() {
        return times.created();
    }

    /** When it ends by itself; null where it does not. */
    public @Nullable Instant expires() {
        return times.expires();
    }

    /** When it was last used, to the minute; null where it was not. */
    public @Nullable Instant used() {
        return times.used();
    }

    /** When it was taken back; null where it was not. */
    public @Nullable Instant revoked() {
        return times.revoked();
    }
}
