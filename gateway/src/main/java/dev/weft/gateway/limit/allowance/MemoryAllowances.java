package dev.weft.gateway.limit.allowance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weft.gateway.limit.allowance.Levels.Level;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Allowances in this gateway's memory, as Bucket4j's token buckets: several gateways allow as many
 * times as much. A bucket that nobody has asked for two minutes is full, and is forgotten.
 */
public final class MemoryAllowances implements Allowances {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration IDLE = MINUTE.multipliedBy(2);

    /** A stream of the same key may end at any moment. */
    private static final Duration NEXT_STREAM = Duration.ofSeconds(1);

    /** Keys that are busy at once; the least used of more would be full again. */
    private static final int MOST = 200_000;

    private final TimeMeter time;
    private final Cache<Slot, Filled> buckets;
    private final Streams streams = new Streams();

    private record Slot(long key, Limit limit) {}

    /** A bucket and the size that it has. For one thread at a time. */
    private static final class Filled {
        final Bucket bucket;
        long perMinute;

        Filled(Bucket bucket, long perMinute) {
            this.bucket = bucket;
            this.perMinute = perMinute;
        }

        synchronized Bucket of(long wanted) {
            if (wanted != perMinute) {
                bucket.replaceConfiguration(
                        BucketConfiguration.builder().addLimit(perMinute(wanted)).build(),
                        TokensInheritanceStrategy.PROPORTIONALLY);
                perMinute = wanted;
            }
            return bucket;
        }
    }

    /**
     * @param nanos a time of which only differences count
     */
    public MemoryAllowances(LongSupplier nanos) {
        this.time =
                new TimeMeter() {
                    @Override
                    public long currentTimeNanos() {
                        return nanos.getAsLong();
                    }

                    @Override
                    public boolean isWallClockBased() {
                        return false;
                    }
                };
        this.buckets =
                Caffeine.newBuilder()
                        .ticker(nanos::getAsLong)
                        .executor(Runnable::run)
                        .maximumSize(MOST)
                        .expireAfterAccess(IDLE)
                        .build();
    }

    @Override
    public CompletableFuture<ClaimOutcome> take(Claim claim) {
        return CompletableFuture.completedFuture(takeNow(claim));
    }

    /**
     * Takes all of a claim or nothing. A claim for more than a minute's tokens is granted if all of
     * them are left, and leaves less than nothing.
     */
    public ClaimOutcome takeNow(Claim claim) {
        Bucket requests = bucket(claim.key(), Limit.REQUESTS, claim.requestsPerMinute());
        ConsumptionProbe one = requests == null ? null : requests.tryConsumeAndReturnRemaining(1);
        if (one != null && !one.isConsumed()) {
            return refused(new Levels(level(one), null), Limit.REQUESTS, one);
        }
        Bucket tokens = bucket(claim.key(), Limit.TOKENS, claim.tokensPerMinute());
        ConsumptionProbe some = tokens == null ? null : take(tokens, claim);
        Levels levels = new Levels(level(one), level(some));
        Held held = new Held(claim, requests, tokens);
        if (some != null && !some.isConsumed()) {
            held.giveRequestBack();
            return refused(levels, Limit.TOKENS, some);
        }
        if (claim.streams() != null && !streams.take(claim.key(), claim.streams())) {
            held.giveRequestBack();
            held.giveBack(claim.tokens());
            return new ClaimOutcome.Refused(levels, Limit.STREAMS, NEXT_STREAM);
        }
        return new ClaimOutcome.Granted(levels, held);
    }

    private static ConsumptionProbe take(Bucket tokens, Claim claim) {
        long perMinute = claim.tokensPerMinute() == null ? claim.tokens() : claim.tokensPerMinute();
        long first = Math.min(claim.tokens(), perMinute);
        ConsumptionProbe taken = tokens.tryConsumeAndReturnRemaining(first);
        if (taken.isConsumed() && claim.tokens() > first) {
            long _ = tokens.consumeIgnoringRateLimits(claim.tokens() - first);
        }
        return taken;
    }

    /**
     * Notes what was granted elsewhere. It is taken as far as it is there: never below nothing,
     * since what a key took elsewhere is no debt here.
     */
    public Grant note(Claim claim) {
        Bucket requests = bucket(claim.key(), Limit.REQUESTS, claim.requestsPerMinute());
        if (requests != null) {
            long _ = requests.tryConsumeAsMuchAsPossible(1);
        }
        Bucket tokens = bucket(claim.key(), Limit.TOKENS, claim.tokensPerMinute());
        long taken = tokens == null ? 0 : tokens.tryConsumeAsMuchAsPossible(claim.tokens());
        boolean _ = claim.streams() == null || streams.take(claim.key(), Integer.MAX_VALUE);
        return new Noted(claim, tokens, taken);
    }

    private static ClaimOutcome refused(Levels levels, Limit by, ConsumptionProbe probe) {
        return new ClaimOutcome.Refused(
                levels, by, Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    private static @Nullable Level level(@Nullable ConsumptionProbe probe) {
        return probe == null
                ? null
                : new Level(
                        probe.getRemainingTokens(),
                        Duration.ofNanos(probe.getNanosToWaitForReset()));
    }

    private @Nullable Bucket bucket(long key, Limit limit, @Nullable Long perMinute) {
        return perMinute == null
                ? null
                : buckets.get(new Slot(key, limit), _ -> new Filled(made(perMinute), perMinute))
                        .of(perMinute);
    }

    private Bucket made(long perMinute) {
        return Bucket.builder()
                .addLimit(perMinute(perMinute))
                .withCustomTimePrecision(time)
                .build();
    }

    private static Bandwidth perMinute(long amount) {
        return Bandwidth.builder().capacity(amount).refillGreedy(amount, MINUTE).build();
    }

    private void endStream(Claim claim) {
        if (claim.streams() != null) {
            streams.giveBack(claim.key());
        }
    }

    /** What was taken here. */
    private final class Held implements Grant {
        private final Claim claim;
        private final @Nullable Bucket requests;
        private final @Nullable Bucket tokens;

        Held(Claim claim, @Nullable Bucket requests, @Nullable Bucket tokens) {
            this.claim = claim;
            this.requests = requests;
            this.tokens = tokens;
        }

        @Override
        public void end(long used) {
            endStream(claim);
            giveBack(claim.tokens() - used);
        }

        @Override
        public void undo() {
            giveRequestBack();
            end(0);
        }

        void giveRequestBack() {
            if (requests != null) {
                requests.addTokens(1);
            }
        }

        void giveBack(long amount) {
            if (tokens != null && amount > 0) {
                tokens.addTokens(amount);
            } else if (tokens != null && amount < 0) {
                long _ = tokens.consumeIgnoringRateLimits(-amount);
            }
        }
    }

    /** What was taken elsewhere; the request itself stays noted. */
    private final class Noted implements Grant {
        private final Claim claim;
        private final @Nullable Bucket tokens;
        private final long taken;

        Noted(Claim claim, @Nullable Bucket tokens, long taken) {
            this.claim = claim;
            this.tokens = tokens;
            this.taken = taken;
        }

        @Override
        public void end(long used) {
            endStream(claim);
            if (tokens != null && used < taken) {
                tokens.addTokens(taken - used);
            } else if (tokens != null && used > taken) {
                long _ = tokens.tryConsumeAsMuchAsPossible(used - taken);
            }
        }

        @Override
        public void undo() {
            end(0);
        }
    }
}
