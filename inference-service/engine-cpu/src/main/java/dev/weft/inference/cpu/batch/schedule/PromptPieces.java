package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.batch.cost.StepCost;
import dev.weft.inference.cpu.batch.cost.StepShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import java.time.Duration;

/**
 * Cuts prompts into pieces. While other rows decode, a step's pieces are so small that the step is
 * expected to stay within the bound; the first piece has at least a block, so that prompts always
 * advance. A piece ends at the end of a block or of the prompt.
 */
final class PromptPieces {
    private final int maxTokens;
    private final double bound;
    private final StepCost cost;

    PromptPieces(int maxTokens, Duration maxTokenGap, StepCost cost) {
        this.maxTokens = maxTokens;
        this.bound = maxTokenGap.toNanos() / 1e9;
        this.cost = cost;
    }

    /**
     * Tokens of the next piece.
     *
     * @param planned the step so far
     * @param from first position of the piece
     * @param pending tokens of the prompt that are left, at least 1
     * @return 0 if the prompt must wait for another step
     */
    int next(StepShape planned, int from, int pending) {
        int most = Math.min(pending, maxTokens - planned.rows());
        int least = planned.prompt() > 0 ? 0 : Math.min(most, toBorder(from));
        int tokens = most == pending ? most : whole(from, most);
        while (tokens > least && !fits(planned.withPrompt(from, tokens))) {
            tokens = whole(from, tokens - 1);
        }
        return Math.max(tokens, least);
    }

    private boolean fits(StepShape step) {
        return step.decoding() == 0 || cost.expected(step) <= bound;
    }

    private static int toBorder(int from) {
        return Attention.BLOCK - from % Attention.BLOCK;
    }

    /** The most tokens, up to {@code most}, after which a block ends; 0 if there are none. */
    private static int whole(int from, int most) {
        return Math.max(0, (from + most) / Attention.BLOCK * Attention.BLOCK - from);
    }
}
