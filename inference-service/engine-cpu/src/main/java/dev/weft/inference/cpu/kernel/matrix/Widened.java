package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.format.safetensors.WeightMatrix;
import java.util.List;

/** Weights without the form in which they are stored: kernels pack them at their own precision. */
public record Widened(WeightMatrix stored) implements WeightMatrix {
    @Override
    public String name() {
        return stored.name();
    }

    @Override
    public List<Long> shape() {
        return stored.shape();
    }

    @Override
    public void copyTo(long from, float[] target, int offset, int count) {
        stored.copyTo(from, target, offset, count);
    }
}
