package dev.weft.gateway.routing.name;

import org.jspecify.annotations.Nullable;

/**
 * The sender of a request.
 *
 * @param tenant whose adapters it may use
 * @param key decides the choice among an alias's versions: requests with the same key get the same
 *     version
 * @param chat that the request belongs to, whose version was chosen with its first request; null if
 *     the key alone counts
 */
public record Caller(String tenant, String key, @Nullable Chat chat) {
    /** A caller whose key alone counts. */
    public Caller(String tenant, String key) {
        this(tenant, key, null);
    }
}
