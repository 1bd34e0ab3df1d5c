package dev.weft.inference.cpu.batch.schedule;

import java.time.Duration;

/**
 * Bounds of the batch.
 *
 * @param maxRows requests that share a step
 * @param maxTokens rows of a forward pass: one for each decoding request, the rest for prompts
 * @param maxQueue requests that may wait for a row
 * @param contextLength positions of prompt and answer
 * @param maxTokenGap longest expected time of a step in which prompts and rows that decode take
 *     part
 * @param draftTokens tokens that a step may guess and verify for each row; 0 for none
 * @param longestMask how long one mask may take
 */
public record BatchLimits(
        int maxRows,
        int maxTokens,
        int maxQueue,
        int contextLength,
        Duration maxTokenGap,
        int draftTokens,
        Duration longestMask) {
    /** Masks take microseconds usually. */
    public static final Duration LONGEST_MASK = Duration.ofSeconds(1);

    public BatchLimits {
        if (maxRows < 1 || maxTokens < maxRows || maxQueue < 0 || contextLength < 2) {
            throw new IllegalArgumentException(
                    "maxRows at least 1, maxTokens at least maxRows, maxQueue at least 0,"
                            + " contextLength at least 2: "
                            + maxRows
                            + ", "
                            + maxTokens
                            + ", "
                            + maxQueue
                            + ", "
                            + contextLength);
        }
        if (draftTokens < 0) {
            throw new IllegalArgumentException("draftTokens at least 0: " + draftTokens);
        }
        if (!maxTokenGap.isPositive()) {
            throw new IllegalArgumentException("maxTokenGap above 0: " + maxTokenGap);
        }
        if (!longestMask.isPositive()) {
            throw new IllegalArgumentException("longestMask above 0: " + longestMask);
        }
    }
}
