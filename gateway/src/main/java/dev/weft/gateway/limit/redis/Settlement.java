package dev.weft.gateway.limit.redis;

import dev.weft.gateway.limit.allowance.Claim;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What requests of one key that are over give back.
 *
 * @param requestsPerMinute that the key may make; null if they are not limited
 * @param requests their places among the minute's requests
 * @param tokensPerMinute that the key may use; null if they are not limited
 * @param tokens to be given back; a negative number takes more
 * @param leases of their streams
 */
record Settlement(
        long key,
        @Nullable Long requestsPerMinute,
        long requests,
        @Nullable Long tokensPerMinute,
        long tokens,
        List<String> leases) {
    Settlement {
        leases = List.copyOf(leases);
    }

    /**
     * What one request gives back.
     *
     * @param request its place among the minute's requests is given back too
     * @param lease of its stream; {@link Store#NO_LEASE} if there is none
     */
    static Settlement of(Claim claim, boolean request, long tokens, String lease) {
        return new Settlement(
                claim.key(),
                claim.requestsPerMinute(),
                request ? 1 : 0,
                claim.tokensPerMinute(),
                tokens,
                lease.equals(Store.NO_LEASE) ? List.of() : List.of(lease));
    }

    /** Leases alone. */
    static Settlement of(long key, List<String> leases) {
        return new Settlement(key, null, 0, null, 0, leases);
    }

    /** What of it may be given back twice without taking anything from the key. */
    Settlement again() {
        return new Settlement(
                key, requestsPerMinute, requests, tokensPerMinute, Math.max(0, tokens), leases);
    }

    Settlement withoutLeases() {
        return new Settlement(key, requestsPerMinute, requests, tokensPerMinute, tokens, List.of());
    }

    /** True if nothing changes. */
    boolean isNothing() {
        return (requests == 0 || requestsPerMinute == null)
                && (tokens == 0 || tokensPerMinute == null)
                && leases.isEmpty();
    }
}
