package dev.weft.gateway.limit.redis;

import dev.weft.gateway.limit.allowance.Allowances;
import dev.weft.gateway.limit.allowance.Claim;
import dev.weft.gateway.limit.allowance.ClaimOutcome;
import dev.weft.gateway.limit.allowance.Grant;
import dev.weft.gateway.limit.allowance.MemoryAllowances;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Allowances that several gateways take from one store. A claim waits for the store until the
 * deadline at most. After that, and while the store is away, this gateway decides by its share of
 * the limits and what it let through itself. A claim that the store grants too late still counts
 * there: it is kept if the request goes on, and given back if not. What ends while the store is
 * away is given back when it returns. Any thread.
 */
final class SharedAllowances implements Allowances {
    /** The store was asked. */
    private static final long KNOWN = -1;

    private final Store store;
    private final RedisLink link;
    private final MemoryAllowances own;
    private final Leases leases;
    private final AnswerDeadline deadline;
    private final SharedMetrics metrics;
    private final Settlements settlements;

    /**
     * @param own what this gateway let through
     * @param leases that the link keeps
     * @param settlements that the link lets go
     */
    SharedAllowances(
            Store store,
            RedisLink link,
            MemoryAllowances own,
            Leases leases,
            Duration deadline,
            SharedMetrics metrics,
            Settlements settlements) {
        this.store = store;
        this.link = link;
        this.own = own;
        this.leases = leases;
        this.deadline = new AnswerDeadline(deadline);
        this.metrics = metrics;
        this.settlements = settlements;
    }

    /** Sends what is left to give back. */
    void settleAll() {
        settlements.sendAll();
    }

    @Override
    public CompletableFuture<ClaimOutcome> take(Claim claim) {
        String lease = claim.streams() == null ? Store.NO_LEASE : leases.next();
        long returns = link.returns(); // before the link is asked, which may be found just then
        if (!link.answers()) {
            Grant far = new Far(claim, 0, lease, returns);
            return CompletableFuture.completedFuture(
                    estimate(claim, lease, CompletableFuture.completedFuture(far)));
        }
        settlements.send(claim.key());
        CompletableFuture<Reply> asked = store.take(claim, lease);
        CompletableFuture<Grant> far =
                asked.handle((reply, failure) -> held(claim, lease, reply, failure));
        return deadline.bind(asked.copy())
                .handle((reply, failure) -> {
                    if (failure != null) {
                        link.missed(failure);
                        return estimate(claim, lease, far);
                    }
                    link.answered();
                    metrics.decidedByRedis();
                    return outcome(claim, lease, reply, far);
                });
    }

    /**
     * What a request holds at the store. The link may bring its lease there also if the store has
     * refused it or not answered.
     */
    private Grant held(
            Claim claim, String lease, @Nullable Reply reply, @Nullable Throwable failure) {
        boolean granted = failure == null && reply != null && reply.refusedBy() == null;
        return new Far(claim, granted ? claim.tokens() : 0, lease, KNOWN);
    }

    private ClaimOutcome outcome(
            Claim claim, String lease, Reply reply, CompletableFuture<Grant> far) {
        return reply.refusedBy() != null
                ? new ClaimOutcome.Refused(reply.levels(), reply.refusedBy(), reply.retryAfter())
                : new ClaimOutcome.Granted(
                        reply.levels(), running(claim, lease, own.note(claim), far));
    }

    private ClaimOutcome estimate(Claim claim, String lease, CompletableFuture<Grant> far) {
        metrics.decidedByEstimate();
        return switch (own.takeNow(claim.share(link.gateways()))) {
            case ClaimOutcome.Granted granted ->
                    new ClaimOutcome.Granted(
                            granted.levels(), running(claim, lease, granted.grant(), far));
            case ClaimOutcome.Refused refused -> {
                CompletableFuture<?> _ = far.thenAccept(Grant::undo);
                yield refused;
            }
        };
    }

    private Grant running(Claim claim, String lease, Grant near, CompletableFuture<Grant> far) {
        if (claim.streams() != null) {
            leases.add(claim.key(), lease);
        }
        return new Both(claim, lease, near, far);
    }

    /** What a request holds here and at the store, which may not know of it yet. */
    private final class Both implements Grant {
        private final Claim claim;
        private final String lease;
        private final Grant near;
        private final CompletableFuture<Grant> far;

        Both(Claim claim, String lease, Grant near, CompletableFuture<Grant> far) {
            this.claim = claim;
            this.lease = lease;
            this.near = near;
            this.far = far;
        }

        @Override
        public void end(long tokens) {
            leases.remove(claim.key(), lease);
            near.end(tokens);
            CompletableFuture<?> _ = far.thenAccept(held -> held.end(tokens));
        }

        @Override
        public void undo() {
            leases.remove(claim.key(), lease);
            near.undo();
            CompletableFuture<?> _ = far.thenAccept(Grant::undo);
        }
    }

    /** What a request holds at the store. */
    private final class Far implements Grant {
        private final Claim claim;
        private final long tokens;
        private final String lease;
        private final long begun;

        /**
         * @param tokens that it took there; 0 for a request that began by estimate
         * @param begun how often the store had come back when the request began without asking it;
         *     {@link #KNOWN} if it was asked
         */
        Far(Claim claim, long tokens, String lease, long begun) {
            this.claim = claim;
            this.tokens = tokens;
            this.lease = lease;
            this.begun = begun;
        }

        @Override
        public void end(long used) {
            giveBack(Settlement.of(claim, false, tokens == 0 ? 0 : tokens - used, lease));
        }

        @Override
        public void undo() {
            giveBack(Settlement.of(claim, tokens > 0, tokens, lease));
        }

        /** The store knows nothing of a request that began and ended while it was away. */
        private void giveBack(Settlement settlement) {
            if (begun != link.returns()) {
                settlements.add(settlement);
            }
        }
    }
}
