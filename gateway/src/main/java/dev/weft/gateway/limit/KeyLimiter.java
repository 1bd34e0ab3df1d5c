package dev.weft.gateway.limit;

import dev.weft.access.holder.Confirmation;
import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.KeyLimits;
import dev.weft.access.holder.Spent;
import dev.weft.gateway.limit.allowance.Allowances;
import dev.weft.gateway.limit.allowance.Claim;
import dev.weft.gateway.limit.allowance.ClaimOutcome;
import dev.weft.gateway.limit.allowance.Grant;
import dev.weft.gateway.limit.allowance.Levels;
import dev.weft.gateway.limit.allowance.Levels.Level;
import dev.weft.gateway.limit.allowance.Limit;
import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.usage.KeySpending;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.usage.TokenCount;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Admits requests of keys as their limits allow. The budget is checked first. Then a request takes
 * one of the minute's requests, its tokens by estimate, and a place among the streams: all of these
 * or nothing. When it ends, what it used replaces the estimate. If a client gives up before it is
 * told what it used, its prompt counts, since it was computed. Any thread; never blocks.
 */
public final class KeyLimiter {
    private static final CompletableFuture<Admission> FREE =
            CompletableFuture.completedFuture(Admission.Granted.FREE);

    private final Allowances allowances;
    private final KeySpending spending;
    private final LimitMetrics metrics;
    private final Clock clock;

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
     * Asks whether a request may go on. The caller must end {@code tally}, which gives back what
     * the request did not use; a request that is over before the answer is here gives back all. The
     * answer may come from any thread.
     */
    public CompletableFuture<Admission> admit(Holder holder, Demand demand, Tally tally) {
        HeldKey key = holder.key();
        if (key == null || !limits(holder)) {
            return FREE;
        }
        return new Admitting(holder, key, demand, tally).admit();
    }

    /** One request of a key with limits. */
    private final class Admitting {
        private final HeldKey key;
        private final @Nullable Confirmation told;
        private final String tenant;
        private final Tally tally;
        private final Demand demand;
        private final Claim claim;
        private final LimitHeaders headers;

        Admitting(Holder holder, HeldKey key, Demand demand, Tally tally) {
            this.key = key;
            this.told = holder.confirmed();
            this.tenant = holder.tenantOrDefault();
            this.tally = tally;
            this.demand = demand;
            this.headers = new LimitHeaders(demand.messages(), clock);
            KeyLimits limits = key.limits();
            this.claim =
                    new Claim(
                            key.id(),
                            limits.requestsPerMinute(),
                            limits.tokensPerMinute(),
                            Math.max(1, demand.tokens()),
                            demand.stream() ? limits.concurrentStreams() : null);
        }

        CompletableFuture<Admission> admit() {
            if (isBudgetSpent()) {
                return done(refused(LimitMetrics.Reason.BUDGET, budgetSpent()));
            }
            if (claim.isFree()) {
                return FREE;
            }
            Long most = claim.tokensPerMinute();
            if (most != null && claim.tokens() > most) {
                headers.never();
                return done(refused(LimitMetrics.Reason.TOKENS, tooLarge(most)));
            }
            return allowances.take(claim).thenApply(this::admission);
        }

        private static CompletableFuture<Admission> done(Admission admission) {
            return CompletableFuture.completedFuture(admission);
        }

        private boolean isBudgetSpent() {
            Spent said = key.spent();
            if (said == null) {
                return false;
            }
            LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
            KeySpending.Total spent = spending.total(key.id(), said, told, today);
            return isOver(spent.tokens(), key.limits().budgetTokens())
                    || isOver(spent.nanos(), key.limits().budgetNanos());
        }

        private static boolean isOver(long spent, @Nullable Long budget) {
            return budget != null && spent >= budget;
        }

        private Admission admission(ClaimOutcome outcome) {
            headers.add(claim, outcome.levels());
            return switch (outcome) {
                case ClaimOutcome.Granted(var _, Grant grant) -> {
                    tally.account(answer -> grant.end(used(answer)));
                    yield new Admission.Granted(headers.all());
                }
                case ClaimOutcome.Refused refused -> {
                    headers.retryAfter(refused.retryAfter());
                    yield switch (refused.by()) {
                        case REQUESTS -> refused(LimitMetrics.Reason.REQUESTS, reached(refused, 1));
                        case TOKENS ->
                                refused(
                                        LimitMetrics.Reason.TOKENS,
                                        reached(refused, claim.tokens()));
                        case STREAMS -> refused(LimitMetrics.Reason.STREAMS, tooManyStreams());
                    };
                }
            };
        }

        private long used(Answered answer) {
            TokenCount used = answer.used(demand.prompt());
            return used.input() + used.output();
        }

        private Admission refused(LimitMetrics.Reason reason, ApiException error) {
            metrics.refused(tenant, reason);
            return new Admission.Refused(headers.all(), error);
        }

        private ApiException budgetSpent() {
            return new ApiException(
                    ErrorCode.INSUFFICIENT_QUOTA,
                    "You exceeded your current quota: the budget of this key for this month is"
                            + " spent.");
        }

        private ApiException tooLarge(long most) {
            return new ApiException(
                    ErrorCode.TOKENS_LIMITED,
                    "Request too large for this key on tokens per minute: limit %d, requested %d."
                            .formatted(most, claim.tokens()));
        }

        private ApiException tooManyStreams() {
            return new ApiException(
                    ErrorCode.RATE_LIMITED,
                    "Rate limit reached for this key on concurrent streams: limit %d."
                            .formatted(claim.streams()));
        }

        private ApiException reached(ClaimOutcome.Refused refused, long amount) {
            boolean requests = refused.by() == Limit.REQUESTS;
            Levels levels = refused.levels();
            Level level = requests ? levels.requests() : levels.tokens();
            return new ApiException(
                    requests ? ErrorCode.RATE_LIMITED : ErrorCode.TOKENS_LIMITED,
                    "Rate limit reached for this key on %s per minute: limit %d, remaining %d,"
                                    .formatted(
                                            requests ? "requests" : "tokens",
                                            requests
                                                    ? claim.requestsPerMinute()
                                                    : claim.tokensPerMinute(),
                                            level == null ? 0 : level.remaining())
                            + " requested %d. Please try again in %s."
                                    .formatted(amount, LimitHeaders.text(refused.retryAfter())));
        }
    }
}
