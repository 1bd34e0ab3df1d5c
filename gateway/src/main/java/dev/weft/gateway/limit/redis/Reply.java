package dev.weft.gateway.limit.redis;

import dev.weft.gateway.limit.allowance.Claim;
import dev.weft.gateway.limit.allowance.Levels;
import dev.weft.gateway.limit.allowance.Levels.Level;
import dev.weft.gateway.limit.allowance.Limit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store answers to a claim.
 *
 * @param refusedBy null if it is granted
 * @param retryAfter when the claim may be granted
 */
record Reply(@Nullable Limit refusedBy, Duration retryAfter, Levels levels) {
    private static final int NUMBERS = 6;

    /**
     * Reads the numbers of {@code take.lua}.
     *
     * @throws IllegalStateException if the numbers are not those of the script
     */
    static Reply of(Claim claim, List<?> numbers) {
        if (numbers.size() != NUMBERS) {
            throw new IllegalStateException("the store answered " + numbers);
        }
        return new Reply(
                refusedBy(numbers),
                Duration.ofMillis(number(numbers, 1)),
                new Levels(
                        level(claim.requestsPerMinute(), numbers, 2),
                        level(claim.tokensPerMinute(), numbers, 4)));
    }

    private static @Nullable Limit refusedBy(List<?> numbers) {
        return switch (Math.toIntExact(number(numbers, 0))) {
            case 0 -> null;
            case 1 -> Limit.REQUESTS;
            case 2 -> Limit.TOKENS;
            case 3 -> Limit.STREAMS;
            default -> throw new IllegalStateException("the store answered " + numbers);
        };
    }

    private static @Nullable Level level(@Nullable Long limit, List<?> numbers, int at) {
        return limit == null
                ? null
                : new Level(number(numbers, at), Duration.ofMillis(number(numbers, at + 1)));
    }

    private static long number(List<?> numbers, int at) {
        if (numbers.get(at) instanceof Long number) {
            return number;
        }
        throw new IllegalStateException("the store answered " + numbers);
    }
}
