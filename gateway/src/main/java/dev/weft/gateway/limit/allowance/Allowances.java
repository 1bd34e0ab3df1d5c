package dev.weft.gateway.limit.allowance;

import java.util.concurrent.CompletableFuture;

/**
 * Counts what keys take of the requests and tokens of a minute, and of the streams at once. A key
 * that takes nothing for a minute may take all again; in between, its allowance grows steadily.
 * Answers may come from another machine, so callers wait for them without a thread. Any thread.
 */
public interface Allowances {
    /**
     * Takes all of a claim or nothing. The future never fails, and completes within a short time,
     * on any thread.
     */
    CompletableFuture<ClaimOutcome> take(Claim claim);
}
