package dev.weft.access.holder;

import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticatedPrincipal;

/**
 * The sender of a request.
 *
 * @param name for people and the audit log
 * @param tenant the only one it may ask for; null for any
 * @param until when its token ends; null for one that does not end by itself
 * @param key the token, if the catalog made it, or the subject of a signed token that claims
 *     limits; null for others
 * @param confirmed when the catalog has told this; null if it is not asked
 */
public record Holder(
        String name,
        Role role,
        @Nullable String tenant,
        @Nullable Instant until,
        @Nullable HeldKey key,
        @Nullable Confirmation confirmed)
        implements AuthenticatedPrincipal {
    /** The name of a sender that needs no token. */
    public static final String ANONYMOUS = "anonymous";

    /** A holder without a key, whose token does not end by itself. */
    public Holder(String name, Role role, @Nullable String tenant) {
        this(name, role, tenant, null, null, null);
    }

    /** A holder without a key. */
    public Holder(String name, Role role, @Nullable String tenant, @Nullable Instant until) {
        this(name, role, tenant, until, null, null);
    }

    /** A holder of whom the catalog is not asked. */
    public Holder(
            String name,
            Role role,
            @Nullable String tenant,
            @Nullable Instant until,
            @Nullable HeldKey key) {
        this(name, role, tenant, until, key, null);
    }

    /** Its tenant, or the default one if it may ask for any. */
    public String tenantOrDefault() {
        return tenant == null ? AdapterId.DEFAULT_TENANT : tenant;
    }

    @Override
    public String getName() {
        return name;
    }
}
