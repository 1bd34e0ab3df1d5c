package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.lora.LabelRows;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.PooledOutput;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The final hidden states of a pooled row's tokens, gathered so far. A step's part is gathered
 * beside the old sum and counts only when the step is settled, so a repeated step counts once. Sums
 * are taken position by position in 64 bits, so they don't depend on how a prompt is cut. Members
 * of the team gather for different rows; the owner thread does all else.
 */
public final class RowPool {
    private final PooledOutput output;
    private final @Nullable LabelRows labels;
    private double[] sum = {};

    private RowPool(PooledOutput output, @Nullable LabelRows labels) {
        this.output = output;
        this.labels = labels;
    }

    /** Null for a row that produces tokens. */
    static @Nullable RowPool of(@Nullable PooledOutput output, @Nullable LoraSlot slot) {
        return output == null ? null : new RowPool(output, slot == null ? null : slot.labels());
    }

    /**
     * The state after a step.
     *
     * @param sum of the states so far, if the mean is wanted
     * @param vector the result; null if tokens are left
     */
    @SuppressWarnings("ArrayRecordComponent") // one owner after the other, never compared
    public record Gathered(double[] sum, float @Nullable [] vector) {}

    /** Whether every token has to pass through the model for this row. */
    boolean readsAll() {
        return output == PooledOutput.MEAN;
    }

    /** Forgets all: the row starts over. */
    void restart() {
        sum = new double[0];
    }

    /**
     * Gathers a part of a step.
     *
     * @param states {@code [rows][hidden]} of the step
     * @param first row of the part
     * @param positions of the prompt, all of them, if the part completes it; else 0
     * @throws EngineException {@code REQUEST_FAILED} if a value of the result is not finite
     */
    public Gathered gather(FloatMatrix states, int first, int tokens, int positions) {
        double[] next = readsAll() ? plus(states, first, tokens) : sum;
        if (positions == 0) {
            return new Gathered(next, null);
        }
        float[] vector =
                switch (output) {
                    case LAST -> row(states, first + tokens - 1);
                    case MEAN -> mean(next, positions);
                    case LABELS ->
                            Objects.requireNonNull(labels).logits(states, first + tokens - 1);
                };
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new EngineException(
                        EngineException.Cause.REQUEST_FAILED,
                        "the vector is not of numbers; the weights overflow on this input");
            }
        }
        return new Gathered(next, vector);
    }

    /** The step is settled. */
    public void take(Gathered gathered) {
        sum = gathered.sum;
    }

    private double[] plus(FloatMatrix states, int first, int tokens) {
        double[] next = sum.length == 0 ? new double[states.columns()] : sum.clone();
        for (int place = first; place < first + tokens; place++) {
            // a loop over an array becomes vectors, one over a segment doesn't
            float[] row = row(states, place);
            for (int i = 0; i < next.length; i++) {
                next[i] += row[i];
            }
        }
        return next;
    }

    private static float[] mean(double[] sum, int count) {
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / count);
        }
        return mean;
    }

    private static float[] row(FloatMatrix states, int row) {
        float[] values = new float[states.columns()];
        MemorySegment.copy(
                states.data(),
                ValueLayout.JAVA_FLOAT,
                states.offset(row, 0),
                values,
                0,
                values.length);
        return values;
    }
}
