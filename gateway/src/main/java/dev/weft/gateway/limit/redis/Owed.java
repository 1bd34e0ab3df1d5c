package dev.weft.gateway.limit.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sum of what one key's requests give back. One thread at a time. */
final class Owed {
    /** More tokens than any bucket holds; so sums of it stay numbers that Redis can count with. */
    private static final long MOST_TOKENS = 100_000_000_000L;

    private final long key;
    private final List<String> leases = new ArrayList<>();
    private @Nullable Long requestsPerMinute;
    private @Nullable Long tokensPerMinute;
    private long requests;
    private long tokens;

    Owed(long key) {
        this.key = key;
    }

    /** Adds one; the newest limits hold. */
    void add(Settlement settlement) {
        if (settlement.requestsPerMinute() != null) {
            requestsPerMinute = settlement.requestsPerMinute();
        }
        if (settlement.tokensPerMinute() != null) {
            tokensPerMinute = settlement.tokensPerMinute();
        }
        requests += settlement.requests();
        tokens = Math.clamp(tokens + settlement.tokens(), -MOST_TOKENS, MOST_TOKENS);
        leases.addAll(settlement.leases());
    }

    Settlement sum() {
        return new Settlement(key, requestsPerMinute, requests, tokensPerMinute, tokens, leases);
    }
}
