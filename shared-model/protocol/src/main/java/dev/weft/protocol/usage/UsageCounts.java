package dev.weft.protocol.usage;

/**
 * How much was used.
 *
 * @param requests that were admitted, whatever became of them
 * @param errors of these, those that ended with an error, of the client or of Weft; a client that
 *     leaves does not count
 * @param promptTokens as clients were told
 * @param cachedTokens of these, those that the worker had computed before
 * @param completionTokens as clients were told, also of streams that were left or broke
 * @param costNanos in billionths of the unit that prices are in
 */
public record UsageCounts(
        long requests,
        long errors,
        long promptTokens,
        long cachedTokens,
        long completionTokens,
        long costNanos) {
    /** Nothing was used. */
    public static final UsageCounts NONE = new UsageCounts(0, 0, 0, 0, 0, 0);

    public UsageCounts {
        if ((requests | errors | promptTokens | cachedTokens | completionTokens | costNanos) < 0) {
            throw new IllegalArgumentException("a count is below 0");
        }
    }

    /** Both together; a sum beyond a long stays at the largest one. */
    public UsageCounts plus(UsageCounts other) {
        return new UsageCounts(
                sum(requests, other.requests),
                sum(errors, other.errors),
                sum(promptTokens, other.promptTokens),
                sum(cachedTokens, other.cachedTokens),
                sum(completionTokens, other.completionTokens),
                sum(costNanos, other.costNanos));
    }

    private static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** Prompt and completion. */
    public long tokens() {
        return sum(promptTokens, completionTokens);
    }
}
