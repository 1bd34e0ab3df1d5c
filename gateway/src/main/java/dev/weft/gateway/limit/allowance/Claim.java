package dev.weft.gateway.limit.allowance;

import org.jspecify.annotations.Nullable;

/**
 * What one request takes of its key's allowances. If a limit was changed, the share of it that is
 * left stays the same.
 *
 * @param requestsPerMinute that the key may make, 1 or more; null if they are not limited
 * @param tokensPerMinute that the key may use, 1 or more; null if they are not limited
 * @param tokens that the request takes until it is known what it uses; 1 or more
 * @param streams that the key may have at once, 1 or more; null if they are not limited, or the
 *     request is not a stream
 */
public record Claim(
        long key,
        @Nullable Long requestsPerMinute,
        @Nullable Long tokensPerMinute,
        long tokens,
        @Nullable Integer streams) {
    public Claim {
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens " + tokens + ": allowed is 1 or more");
        }
    }

    /** True if nothing of it is limited. */
    public boolean isFree() {
        return requestsPerMinute == null && tokensPerMinute == null && streams == null;
    }

    /**
     * Returns the claim with one gateway's share of each limit: the limit divided by the number of
     * gateways, and 1 at least. If there are more gateways than the limit is high, they allow more
     * than it together.
     *
     * @param gateways 1 or more
     */
    public Claim share(int gateways) {
        return new Claim(
                key,
                part(requestsPerMinute, gateways),
                part(tokensPerMinute, gateways),
                tokens,
                streams == null ? null : Integer.valueOf(Math.max(1, streams / gateways)));
    }

    private static @Nullable Long part(@Nullable Long limit, int gateways) {
        return limit == null ? null : Long.valueOf(Math.max(1, limit / gateways));
    }
}
