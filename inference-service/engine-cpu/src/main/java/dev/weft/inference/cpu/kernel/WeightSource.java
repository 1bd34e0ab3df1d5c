package dev.weft.inference.cpu.kernel;

import dev.weft.model.safetensors.DType;
import dev.weft.model.safetensors.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The rows of one or more weight matrices {@code [out][in]} on top of each other, as if they were
 * one: q, k and v, or gate and up, become a single product.
 */
public final class WeightSource {
    private final List<Tensor> parts;
    private final int in;
    private final int out;

    public WeightSource(List<Tensor> parts) {
        this.parts = List.copyOf(parts);
        this.in = parts.getFirst().shape().get(1).intValue();
        this.out = parts.stream().mapToInt(t -> t.shape().getFirst().intValue()).sum();
    }

    public int in() {
        return in;
    }

    public int out() {
        return out;
    }

    /** One weight, rounded to bf16, as every kernel sees it. */
    public float get(int row, int column) {
        return Bf16.toFloat(Bf16.of(raw(row, column)));
    }

    /** Copies rows as bf16 into {@code target}, {@code [to - from][in]}. */
    void copyRows(int from, int to, MemorySegment target) {
        for (int row = from; row < to; row++) {
            copyRow(row, target, (long) (row - from) * in * Short.BYTES);
        }
    }

    /**
     * Quantises rows into {@code target}, {@code [to - from][in]} of signed bytes.
     *
     * @return the scale of each row
     */
    float[] quantiseRows(int from, int to, MemorySegment target) {
        float[] scales = new float[to - from];
        float[] values = new float[in];
        for (int row = from; row < to; row++) {
            copyRow(row, values);
            float largest = 0;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            float scale = Int8.scale(largest);
            scales[row - from] = scale;
            long at = (long) (row - from) * in;
            for (int i = 0; i < in; i++) {
                target.set(ValueLayout.JAVA_BYTE, at + i, Int8.quantise(values[i], scale));
            }
        }
        return scales;
    }

    /** Copies one row, rounded to bf16, as every kernel sees it. */
    void copyRow(int row, float[] target) {
        int local = row;
        for (Tensor part : parts) {
            int rows = part.shape().getFirst().intValue();
            if (local < rows) {
                part.copyTo((long) local * in, target, 0, in);
                for (int i = 0; i < in; i++) {
                    target[i] = Bf16.toFloat(Bf16.of(target[i]));
                }
                return;
            }
            local -= rows;
        }
        throw new IndexOutOfBoundsException("row " + row + " of " + out);
    }

    private void copyRow(int row, MemorySegment target, long at) {
        int local = row;
        Tensor part = parts.getFirst();
        for (Tensor candidate : parts) {
            part = candidate;
            int rows = candidate.shape().getFirst().intValue();
            if (local < rows) {
                break;
            }
            local -= rows;
        }
        long first = (long) local * in;
        if (part.dtype() == DType.BF16) {
            MemorySegment.copy(part.data(), first * 2, target, at, (long) in * 2);
            return;
        }
        for (int i = 0; i < in; i++) {
            target.set(
                    ValueLayout.JAVA_SHORT_UNALIGNED,
                    at + (long) i * Short.BYTES,
                    Bf16.of(part.get(first + i)));
        }
    }

    private float raw(int row, int column) {
        int local = row;
        for (Tensor part : parts) {
            int rows = part.shape().getFirst().intValue();
            if (local < rows) {
                return part.get((long) local * in + column);
            }
            local -= rows;
        }
        throw new IndexOutOfBoundsException("row " + row + " of " + out);
    }
}
