package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.MemorySegment;

/** A vector added to the outputs of a linear layer; zero for parts of the layer that have none. */
public final class Bias {
    private final float[] values;

    public Bias(float[] values) {
        this.values = values.clone();
    }

    /** Adds the values from element {@code from} (inclusive) to {@code to}. */
    public void addTo(MemorySegment target, long offset, int from, int to) {
        VectorMath.add(target, offset, values, from, to - from);
    }

    /** Adds the bias to the floats at that byte offset. */
    public void addTo(MemorySegment target, long offset) {
        VectorMath.add(target, offset, values, 0, values.length);
    }
}
