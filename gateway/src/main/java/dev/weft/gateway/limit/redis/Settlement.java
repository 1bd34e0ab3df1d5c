package dev.weft.gateway.limit.redis;

import dev.weft.gateway.limit.allowance.Claim;

/**
 * What a request that is over gives back.
 *
 * @param request its place among the minute's requests is given back too
 * @param tokens to be given back; a negative number takes more
 * @param lease of its stream; {@link Store#NO_LEASE} if there is none
 */
record Settlement(Claim claim, boolean request, long tokens, String lease) {
    /** True if nothing changes. */
    boolean isNothing() {
        return (!request || claim.requestsPerMinute() == null)
                && (tokens == 0 || claim.tokensPerMinute() == null)
                && lease.equals(Store.NO_LEASE);
    }
}
