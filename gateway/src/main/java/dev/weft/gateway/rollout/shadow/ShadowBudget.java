package dev.weft.gateway.rollout.shadow;

/**
 * The tokens that this gateway may use for a shadow. The tokens that a copy may use are set aside
 * before it is sent. Any thread.
 */
final class ShadowBudget {
    /** Tokens to ask for until it is known how long requests are. */
    private static final long USUAL = 1_024;

    private long granted;
    private long used;
    private long aside;
    private long largest = USUAL;

    /** True once a request could have been copied. */
    private boolean needed;

    /** Takes note of what the catalog has granted in all; it never grants less than before. */
    synchronized void granted(long tokens) {
        granted = Math.max(granted, tokens);
    }

    /** A request could be copied; true once the catalog has granted some tokens. */
    synchronized boolean need() {
        needed = true;
        return granted > 0;
    }

    /** Sets tokens aside; false if there are not that many. */
    synchronized boolean setAside(long tokens) {
        largest = Math.max(largest, tokens);
        if (used + aside + tokens > granted) {
            return false;
        }
        aside += tokens;
        return true;
    }

    /** A copy has used that many of the tokens that were set aside for it. */
    synchronized void used(long tokens, long setAside) {
        aside -= setAside;
        used += tokens;
    }

    /**
     * The tokens that the catalog has to grant in all, so that this many copies may be under way. A
     * gateway without requests to copy asks for nothing, since others could not use what it is
     * granted.
     */
    synchronized long wanted(int concurrent) {
        return needed ? used + aside + concurrent * largest : 0;
    }
}
