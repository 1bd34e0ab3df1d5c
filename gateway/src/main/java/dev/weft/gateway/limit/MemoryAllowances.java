package dev.weft.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Allowances in this gateway's memory, as Bucket4j's token buckets: several gateways allow as many
 * times as much. A bucket that nobody has asked for two minutes is full, and is forgotten.
 */
final class MemoryAllowances implements Allowances {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration IDLE = MINUTE.multipliedBy(2);

    /** Keys that are busy at once; the least used of more would be full again. */
    private static final int MOST = 200_000;

    private final TimeMeter time;
    private final Cache<Slot, Filled> buckets;

    private record Slot(long key, Kind kind) {}

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
    MemoryAllowances(LongSupplier nanos) {
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
    public CompletableFuture<Taken> take(Of allowance, long amount) {
        ConsumptionProbe probe =
                bucket(allowance).tryConsumeAndReturnRemaining(Math.max(1, amount));
        return CompletableFuture.completedFuture(
                new Taken(
                        probe.isConsumed(),
                        Math.max(0, probe.getRemainingTokens()),
                        Duration.ofNanos(probe.getNanosToWaitForRefill()),
                        Duration.ofNanos(probe.getNanosToWaitForReset())));
    }

    @Override
    public void correct(Of allowance, long amount) {
        if (amount > 0) {
            bucket(allowance).addTokens(amount);
        } else if (amount < 0) {
            long _ = bucket(allowance).consumeIgnoringRateLimits(-amount);
        }
    }

    private Bucket bucket(Of allowance) {
        return buckets.get(
                        new Slot(allowance.key(), allowance.kind()),
                        _ -> new Filled(made(allowance.perMinute()), allowance.perMinute()))
                .of(allowance.perMinute());
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
}
