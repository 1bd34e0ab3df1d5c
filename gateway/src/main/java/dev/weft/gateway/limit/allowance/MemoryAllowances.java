package dev.weft.gateway.limit.allowance;

import dev.weft.gateway.limit.allowance.KeptBuckets.Sized;
import dev.weft.gateway.limit.allowance.KeptBuckets.Slot;
import dev.weft.gateway.limit.allowance.Levels.Level;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Allowances in this gateway's memory, in Bucket4j's token buckets. Each of several gateways allows
 * the whole limit.
 */
public final class MemoryAllowances implements Allowances {
    /** A stream of the same key may end at any moment. */
    private static final Duration NEXT_STREAM = Duration.ofSeconds(1);

    /** Buckets that may be less than full at once; of more, the least used become full. */
    private static final int MOST = 200_000;

    private final KeptBuckets buckets;
    private final Streams streams = new Streams();

    /**
     * @param nanos a time of which only differences count
     */
    public MemoryAllowances(LongSupplier nanos) {
        this.buckets = new KeptBuckets(nanos, MOST);
    }

    @Override
    public CompletableFuture<ClaimOutcome> take(Claim claim) {
        return CompletableFuture.completedFuture(takeNow(claim));
    }

    /**
     * Takes all of a claim or nothing. A claim for more than a minute's tokens is granted if all of
     * them are left, and leaves the allowance below 0.
     */
    public ClaimOutcome takeNow(Claim claim) {
        Part requests = part(claim, Limit.REQUESTS, claim.requestsPerMinute());
        ConsumptionProbe one = requests == null ? null : requests.use(sized -> take(sized, 1));
        if (one != null && !one.isConsumed()) {
            return refused(new Levels(level(one), null), Limit.REQUESTS, one);
        }
        Part tokens = part(claim, Limit.TOKENS, claim.tokensPerMinute());
        ConsumptionProbe some = tokens == null ? null : tokens.use(sized -> take(sized, claim));
        if (some != null && !some.isConsumed()) {
            return refused(new Levels(settled(requests, 1), level(some)), Limit.TOKENS, some);
        }
        if (claim.streams() != null && !streams.take(claim.key(), claim.streams())) {
            Levels left = new Levels(settled(requests, 1), settled(tokens, claim.tokens()));
            return new ClaimOutcome.Refused(left, Limit.STREAMS, NEXT_STREAM);
        }
        return new ClaimOutcome.Granted(
                new Levels(level(one), level(some)), new Held(claim, requests, tokens));
    }

    private static ConsumptionProbe take(Sized sized, long amount) {
        return sized.bucket().tryConsumeAndReturnRemaining(amount);
    }

    private static ConsumptionProbe take(Sized sized, Claim claim) {
        long perMinute = claim.tokensPerMinute() == null ? claim.tokens() : claim.tokensPerMinute();
        long first = Math.min(claim.tokens(), perMinute);
        ConsumptionProbe taken = take(sized, first);
        if (taken.isConsumed()) {
            sized.settle(first - claim.tokens());
        }
        return taken;
    }

    /**
     * Notes what was granted elsewhere. Takes only what the key has left here, never below zero:
     * what it took elsewhere is not a debt here.
     */
    public Grant note(Claim claim) {
        Part requests = part(claim, Limit.REQUESTS, claim.requestsPerMinute());
        if (requests != null) {
            long _ = requests.use(sized -> takeWhatIsThere(sized, 1));
        }
        Part tokens = part(claim, Limit.TOKENS, claim.tokensPerMinute());
        long taken =
                tokens == null ? 0 : tokens.use(sized -> takeWhatIsThere(sized, claim.tokens()));
        boolean _ = claim.streams() == null || streams.take(claim.key(), Integer.MAX_VALUE);
        return new Noted(claim, tokens, taken);
    }

    private static long takeWhatIsThere(Sized sized, long amount) {
        return sized.bucket().tryConsumeAsMuchAsPossible(amount);
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

    /** Gives an amount back, or takes what was used beyond it; returns what is left then. */
    private static @Nullable Level settled(@Nullable Part part, long amount) {
        return part == null
                ? null
                : part.again(sized -> {
                    sized.settle(amount);
                    return sized.level();
                });
    }

    private @Nullable Part part(Claim claim, Limit limit, @Nullable Long perMinute) {
        return perMinute == null ? null : new Part(new Slot(claim.key(), limit), perMinute);
    }

    private void endStream(Claim claim) {
        if (claim.streams() != null) {
            streams.giveBack(claim.key());
        }
    }

    /** The part of a claim that concerns one bucket, which may be forgotten between two uses. */
    private final class Part {
        private final Slot slot;
        private final long perMinute;

        Part(Slot slot, long perMinute) {
            this.slot = slot;
            this.perMinute = perMinute;
        }

        <T> T use(Function<Sized, T> use) {
            return buckets.use(slot, perMinute, use);
        }

        <T> T again(Function<Sized, T> use) {
            return buckets.again(slot, perMinute, use);
        }
    }

    /** What a request has taken here. */
    private final class Held implements Grant {
        private final Claim claim;
        private final @Nullable Part requests;
        private final @Nullable Part tokens;

        Held(Claim claim, @Nullable Part requests, @Nullable Part tokens) {
            this.claim = claim;
            this.requests = requests;
            this.tokens = tokens;
        }

        @Override
        public void end(long used) {
            endStream(claim);
            Level _ = settled(tokens, claim.tokens() - used);
        }

        @Override
        public void undo() {
            Level _ = settled(requests, 1);
            end(0);
        }
    }

    /** A note of what was taken elsewhere; the request itself stays noted. */
    private final class Noted implements Grant {
        private final Claim claim;
        private final @Nullable Part tokens;
        private final long taken;

        Noted(Claim claim, @Nullable Part tokens, long taken) {
            this.claim = claim;
            this.tokens = tokens;
            this.taken = taken;
        }

        @Override
        public void end(long used) {
            endStream(claim);
            if (tokens != null && used < taken) {
                Level _ = settled(tokens, taken - used);
            } else if (tokens != null && used > taken) {
                long _ = tokens.again(sized -> takeWhatIsThere(sized, used - taken));
            }
        }

        @Override
        public void undo() {
            end(0);
        }
    }
}
