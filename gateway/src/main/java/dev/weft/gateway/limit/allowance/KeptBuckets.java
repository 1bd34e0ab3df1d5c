package dev.weft.gateway.limit.allowance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.weft.gateway.limit.allowance.Levels.Level;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The token buckets of keys. A bucket is kept until it is full, since a full bucket equals a new
 * one, and for a day at most after its last use, as in Redis: a debt that would last longer is
 * forgotten. If there are too many, the least used are dropped and count as full. Buckets in debt
 * are never dropped; there are no more of them than keys that had an answer beyond its estimate
 * within a day. Each use has its bucket for itself. Any thread.
 */
final class KeptBuckets {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Rounding may bring the last unit of a bucket this much later. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final TimeMeter time;
    private final Cache<Slot, Sized> kept;

    /** Names a bucket: one limit of one key. */
    record Slot(long key, Limit limit) {}

    /** A bucket and its size, which is what a minute brings. For one thread at a time. */
    static final class Sized {
        private final Bucket bucket;
        private long size;

        private Sized(Bucket bucket, long size) {
            this.bucket = bucket;
            this.size = size;
        }

        Bucket bucket() {
            return bucket;
        }

        /** Gives an amount back, as far as there is room; takes a negative one, even into debt. */
        void settle(long amount) {
            if (amount > 0) {
                bucket.addTokens(amount);
            } else if (amount < 0) {
                long _ = bucket.consumeIgnoringRateLimits(-amount);
            }
        }

        Level level() {
            return new Level(bucket.getAvailableTokens(), untilFull());
        }

        private Duration untilFull() {
            double missing = Math.max(0, size - bucket.getAvailableTokens());
            return Duration.ofNanos((long) Math.ceil(missing * (MINUTE.toNanos() / (double) size)));
        }

        private Duration keptFor() {
            Duration wanted = untilFull().plus(MARGIN);
            return wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
        }

        private boolean isInDebt() {
            return bucket.getAvailableTokens() < 0;
        }

        private void resize(long wanted) {
            if (wanted != size) {
                bucket.replaceConfiguration(
                        BucketConfiguration.builder().addLimit(perMinute(wanted)).build(),
                        TokensInheritanceStrategy.PROPORTIONALLY);
                size = wanted;
            }
        }
    }

    /**
     * @param nanos a time of which only differences count
     * @param most that are kept besides those in debt
     */
    KeptBuckets(LongSupplier nanos, int most) {
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
        this.kept =
                Caffeine.newBuilder()
                        .ticker(nanos::getAsLong)
                        .executor(Runnable::run)
                        .maximumWeight(most)
                        // an entry of weight 0 is never evicted
                        .weigher((Slot _, Sized sized) -> sized.isInDebt() ? 0 : 1)
                        .expireAfter(Expiry.writing((Slot _, Sized sized) -> sized.keptFor()))
                        .build();
    }

    /** Uses a bucket in that size. If its size changes, the share that is left does not. */
    <T> T use(Slot slot, long size, Function<Sized, T> use) {
        return with(
                slot,
                size,
                sized -> {
                    sized.resize(size);
                    return use.apply(sized);
                });
    }

    /**
     * Uses a bucket that was used before; its size may have changed meanwhile, and stays as it is.
     *
     * @param size size of a new bucket, if the former one was full and forgotten
     */
    <T> T again(Slot slot, long size, Function<Sized, T> use) {
        return with(slot, size, use);
    }

    /** How long it is kept follows from its level after the use. */
    private <T> T with(Slot slot, long size, Function<Sized, T> use) {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        Sized _ =
                kept.asMap()
                        .compute(
                                slot,
                                (_, before) -> {
                                    Sized sized = before == null ? made(size) : before;
                                    result.set(use.apply(sized));
                                    return sized;
                                });
        return Objects.requireNonNull(result.get(), "a use answers");
    }

    /** How many buckets are kept, including full ones that are not dropped yet. */
    long size() {
        kept.cleanUp();
        return kept.estimatedSize();
    }

    private Sized made(long size) {
        return new Sized(
                Bucket.builder().addLimit(perMinute(size)).withCustomTimePrecision(time).build(),
                size);
    }

    private static Bandwidth perMinute(long amount) {
        return Bandwidth.builder().capacity(amount).refillGreedy(amount, MINUTE).build();
    }
}
