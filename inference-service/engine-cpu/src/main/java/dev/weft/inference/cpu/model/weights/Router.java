package dev.weft.inference.cpu.model.weights;

import dev.weft.format.decoder.Experts;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;

/**
 * Chooses the experts of a row, in float from the row before it is rounded to bf16: which experts
 * are best is a question of small differences. Immutable; members of the team call it.
 */
public final class Router {
    /** {@code [experts][hidden]}. */
    private final float[] weights;

    /** One per expert; zeros if there is none. */
    private final float[] bias;

    private final Experts.Routing routing;

    Router(float[] weights, float[] bias, Experts.Routing routing) {
        this.weights = weights.clone();
        this.bias = bias.clone();
        this.routing = routing;
    }

    /**
     * Writes the experts that a row uses, in rising order, and their weights.
     *
     * @param scores room for a score per expert
     */
    public void choose(FloatMatrix x, int row, float[] scores, int[] experts, float[] shares) {
        int count = bias.length;
        int hidden = x.columns();
        float largest = Float.NEGATIVE_INFINITY;
        for (int expert = 0; expert < count; expert++) {
            float dot =
                    VectorMath.dot(x.data(), x.offset(row, 0), weights, expert * hidden, hidden);
            scores[expert] = dot + bias[expert];
            largest = Math.max(largest, scores[expert]);
        }
        double all = 0;
        for (int expert = 0; expert < count; expert++) {
            all += Math.exp(scores[expert] - largest);
        }
        best(scores, count, experts);
        double chosen = 0;
        for (int expert : experts) {
            chosen += Math.exp(scores[expert] - largest);
        }
        double sum =
                switch (routing.weights()) {
                    case OF_ALL -> all;
                    case OF_CHOSEN -> chosen;
                };
        for (int i = 0; i < experts.length; i++) {
            shares[i] = (float) (Math.exp(scores[experts[i]] - largest) / sum);
        }
    }

    /** The experts with the highest scores, in rising order; of equal ones the first. */
    private static void best(float[] scores, int count, int[] experts) {
        int found = 0;
        for (int expert = 0; expert < count; expert++) {
            int place = found;
            while (place > 0 && scores[expert] > scores[experts[place - 1]]) {
                place--;
            }
            if (place < experts.length) {
                found = Math.min(found + 1, experts.length);
                System.arraycopy(experts, place, experts, place + 1, found - place - 1);
                experts[place] = expert;
            }
        }
        java.util.Arrays.sort(experts);
    }
}
