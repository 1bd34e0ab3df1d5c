package dev.weft.inference.cpu.lora;

import dev.weft.format.lora.weight.LoraTask;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import org.jspecify.annotations.Nullable;

/** An adapter's head of labels, in float. Immutable. */
public final class LabelRows {
    private final int hidden;

    /** {@code [labels][hidden]}. */
    private final float[] weights;

    /** {@code [labels]}. */
    private final float[] bias;

    private LabelRows(LoraTask.Classification head) {
        this.hidden = head.weight().shape().get(1).intValue();
        this.weights = head.weight().floats();
        Tensor own = head.bias();
        this.bias = own == null ? new float[head.labels()] : own.floats();
    }

    /** Null if the adapter has none. */
    static @Nullable LabelRows of(LoraTask task) {
        return task instanceof LoraTask.Classification head ? new LabelRows(head) : null;
    }

    /**
     * The labels' logits of a row.
     *
     * @param states {@code [rows][hidden]}, after the last norm
     */
    public float[] logits(FloatMatrix states, int row) {
        float[] logits = new float[bias.length];
        for (int label = 0; label < logits.length; label++) {
            logits[label] =
                    bias[label]
                            + VectorMath.dot(
                                    states.data(),
                                    states.offset(row, 0),
                                    weights,
                                    label * hidden,
                                    hidden);
        }
        return logits;
    }

    /** Bytes of memory. */
    long bytes() {
        return (long) (weights.length + bias.length) * Float.BYTES;
    }
}
