package dev.weft.gateway.limit;

import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Spent;
import dev.weft.gateway.limit.Allowances.Kind;
import dev.weft.gateway.limit.Allowances.Taken;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.usage.KeySpending;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.usage.TokenCount;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Admits requests of keys as their limits allow. A budget is checked first, then requests and
 * tokens of the minute are taken, the tokens by estimate, then a place among the streams. What a
 * request did not use, or used beyond the estimate, is settled when it ends. Any thread; never
 * blocks.
 */
public final class KeyLimiter {
    private static final CompletableFuture<Admission> FREE =
            CompletableFuture.completedFuture(Admission.Granted.FREE);

    /** A stream of the same key may end at any moment. */
    private static final Duration NEXT_STREAM = Duration.ofSeconds(1);

    private final Allowances allowances;
    private final KeySpending spending;
    private final LimitMetrics metrics;
    private final Clock clock;
    private final Streams streams = new Streams();

    KeyLimiter(Allowances allowances, KeySpending spending, LimitMetrics metrics, Clock clock) {
        this.allowances = allowances;
        this.spending = spending;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** True if the holder's key has limits. */
    public static boolean limits(Holder holder) {
        return holder.key() != null && !holder.key().limits().isNone();
    }

    /**
     * Asks whether a request may go on. Its tally has to hear of its end, which gives back what it
     * did not use; a request that is over before the answer is here gives back all.
     */
    public CompletableFuture<Admission> admit(Holder holder, Demand demand, Tally tally) {
        HeldKey key = holder.key();
        if (key == null || !limits(holder)) {
            return FREE;
        }
        return new Attempt(key, holder.tenantOr(AdapterId.DEFAULT_TENANT), demand, tally).admit();
    }

    /** One request of a key with limits. Its steps come one after the other. */
    private final class Attempt {
        private final HeldKey key;
        private final KeyLimits limits;
        private final String tenant;
        private final Demand demand;
        private final Tally tally;
        private final LimitHeaders headers = new LimitHeaders();
        private Allowances.@Nullable Of requests;
        private Allowances.@Nullable Of tokens;

        Attempt(HeldKey key, String tenant, Demand demand, Tally tally) {
            this.key = key;
            this.limits = key.limits();
            this.tenant = tenant;
            this.demand = demand;
            this.tally = tally;
        }

        CompletableFuture<Admission> admit() {
            if (isBudgetSpent()) {
                return refused(
                        LimitMetrics.Reason.BUDGET,
                        new ApiException(
                                ErrorCode.INSUFFICIENT_QUOTA,
                                "You exceeded your current quota: the budget of this key for this"
                                        + " month is spent."));
            }
            Long most = limits.requestsPerMinute();
            if (most == null) {
                return takeTokens();
            }
            Allowances.Of wanted = new Allowances.Of(key.id(), Kind.REQUESTS, most);
            return allowances
                    .take(wanted, 1)
                    .thenCompose(taken -> {
                        headers.add(wanted, taken);
                        if (!taken.granted()) {
                            return late(LimitMetrics.Reason.REQUESTS, wanted, 1, taken);
                        }
                        requests = wanted;
                        return takeTokens();
                    });
        }

        private boolean isBudgetSpent() {
            Spent said = key.spent();
            if (said == null) {
                return false;
            }
            LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
            KeySpending.Total spent = spending.total(key.id(), said, today);
            return isOver(spent.tokens(), limits.budgetTokens())
                    || isOver(spent.nanos(), limits.budgetNanos());
        }

        private static boolean isOver(long spent, @Nullable Long budget) {
            return budget != null && spent >= budget;
        }

        private CompletableFuture<Admission> takeTokens() {
            Long most = limits.tokensPerMinute();
            if (most == null) {
                return takeStream();
            }
            Allowances.Of wanted = new Allowances.Of(key.id(), Kind.TOKENS, most);
            if (demand.tokens() > most) {
                headers.never();
                return refused(
                        LimitMetrics.Reason.TOKENS,
                        new ApiException(
                                ErrorCode.RATE_LIMITED,
                                "Request too large for this key on tokens per minute: limit %d,"
                                                .formatted(most)
                                        + " requested %d.".formatted(demand.tokens())));
            }
            return allowances
                    .take(wanted, demand.tokens())
                    .thenCompose(taken -> {
                        headers.add(wanted, taken);
                        if (!taken.granted()) {
                            return late(LimitMetrics.Reason.TOKENS, wanted, demand.tokens(), taken);
                        }
                        tokens = wanted;
                        return takeStream();
                    });
        }

        private CompletableFuture<Admission> takeStream() {
            Integer most = demand.stream() ? limits.concurrentStreams() : null;
            if (most != null && !streams.take(key.id(), most)) {
                headers.retryAfter(NEXT_STREAM);
                return refused(
                        LimitMetrics.Reason.STREAMS,
                        new ApiException(
                                ErrorCode.RATE_LIMITED,
                                "Rate limit reached for this key on concurrent streams: limit "
                                        + most
                                        + "."));
            }
            tally.account((_, told) -> {
                if (most != null) {
                    streams.giveBack(key.id());
                }
                settle(told);
            });
            return CompletableFuture.completedFuture(new Admission.Granted(headers.all()));
        }

        /** The estimate gives way to what was used. */
        private void settle(@Nullable TokenCount told) {
            long used = told == null ? 0 : told.input() + told.output();
            if (tokens != null) {
                allowances.correct(tokens, Math.max(1, demand.tokens()) - used);
            }
        }

        private CompletableFuture<Admission> late(
                LimitMetrics.Reason reason, Allowances.Of wanted, long amount, Taken taken) {
            headers.retryAfter(taken.retryAfter());
            String kind = wanted.kind() == Kind.REQUESTS ? "requests" : "tokens";
            return refused(
                    reason,
                    new ApiException(
                            ErrorCode.RATE_LIMITED,
                            "Rate limit reached for this key on %s per minute: limit %d, remaining"
                                            .formatted(kind, wanted.perMinute())
                                    + " %d, requested %d. Please try again in %s."
                                            .formatted(
                                                    taken.remaining(),
                                                    amount,
                                                    LimitHeaders.text(taken.retryAfter()))));
        }

        private CompletableFuture<Admission> refused(
                LimitMetrics.Reason reason, ApiException error) {
            if (requests != null) {
                allowances.correct(requests, 1);
            }
            if (tokens != null) {
                allowances.correct(tokens, Math.max(1, demand.tokens()));
            }
            metrics.refused(tenant, reason);
            return CompletableFuture.completedFuture(new Admission.Refused(headers.all(), error));
        }
    }
}
