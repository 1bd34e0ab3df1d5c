package dev.weft.gateway.limit.allowance;

import java.util.concurrent.CompletableFuture;

/**
 * What keys may take within a minute and hold at once, and have taken. A key that takes nothing for
 * a minute may take all again; between, its allowance grows steadily. Answers may come from
 * elsewhere, so callers wait for them without a thread. Any thread.
 */
public interface Allowances {
    /**
     * Takes all of a claim or nothing. The answer never fails, and comes within a short time
     * wherever it comes from; the thread that completes it may be any.
     */
    CompletableFuture<ClaimOutcome> take(Claim claim);
}
