package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.Conversions;
import dev.weft.inference.cpu.kernel.math.Hadamard;
import dev.weft.inference.cpu.kernel.math.Int8;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one or more weight matrices {@code [out][in]} on top of each other, as if they were
 * one: q, k and v, or gate and up, become a single product.
 */
public final class WeightSource {
    private final List<WeightMatrix> parts;
    private final @Nullable WeightChange change;
    private final int in;
    private final int out;

    private final List<GroupedWeights> grouped;

    /** Whether rows need no rounding before kernels see them. */
    private final boolean isExact;

    public WeightSource(List<? extends WeightMatrix> parts, @Nullable WeightChange change) {
        this.parts = List.copyOf(parts);
        this.change = change;
        this.in = parts.getFirst().shape().get(1).intValue();
        this.out = parts.stream().mapToInt(t -> t.shape().getFirst().intValue()).sum();
        this.grouped = change == null ? GroupedWeights.of(parts) : List.of();
        this.isExact = !grouped.isEmpty() || parts.stream().allMatch(WeightSource::isBf16);
    }

    private static boolean isBf16(WeightMatrix part) {
        return part instanceof Tensor tensor && tensor.dtype() == DType.BF16;
    }

    public int in() {
        return in;
    }

    public int out() {
        return out;
    }

    /**
     * The weights as they are stored, on top of each other, if all of them are in 4 bits and none
     * is changed; else empty.
     */
    public List<GroupedWeights> grouped() {
        return grouped;
    }

    /**
     * Copies rows as bf16 into {@code target}, {@code [to - from][stride]}; what follows {@code in}
     * is left as it is.
     */
    public void copyRows(int from, int to, MemorySegment target, int stride) {
        float[] values = new float[in];
        for (int row = from; row < to; row++) {
            long at = (long) (row - from) * stride * Short.BYTES;
            Place place = place(row);
            if (change == null
                    && place.part instanceof Tensor tensor
                    && tensor.dtype() == DType.BF16) {
                long first = (long) place.row * in * Short.BYTES;
                MemorySegment.copy(tensor.data(), first, target, at, (long) in * Short.BYTES);
                continue;
            }
            copyRow(row, values);
            for (int i = 0; i < in; i++) {
                target.set(ValueLayout.JAVA_SHORT, at + 2L * i, Bf16.of(values[i]));
            }
        }
    }

    /**
     * Quantises rotated rows into {@code target}, {@code [to - from][in]} of signed bytes.
     *
     * @param largest the largest byte
     * @return the scale of each row
     */
    public float[] quantiseRows(int from, int to, MemorySegment target, int largest) {
        float[] scales = new float[to - from];
        float[] values = new float[in];
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment plain = temporary.allocate((long) in * Float.BYTES, 64);
            MemorySegment rotated = temporary.allocate((long) in * Float.BYTES, 64);
            for (int row = from; row < to; row++) {
                copyRow(row, values);
                VectorMath.copy(values, 0, plain, 0, in);
                float scale = Int8.scale(Hadamard.rotateWeights(plain, rotated, in), largest);
                scales[row - from] = scale;
                Conversions.toInt8(rotated, 0, target, (long) (row - from) * in, in, scale);
            }
        }
        return scales;
    }

    /**
     * Copies inputs of a row of {@link #grouped} weights, dequantised to floats.
     *
     * @param target from its beginning on
     */
    public void copyPart(int row, int from, int count, float[] target) {
        Place place = place(row);
        place.part.copyTo((long) place.row * in + from, target, 0, count);
    }

    /** Copies one row as every kernel sees it: rounded to bf16, unless it stays in 4 bits. */
    public void copyRow(int row, float[] target) {
        Place place = place(row);
        place.part.copyTo((long) place.row * in, target, 0, in);
        if (change != null) {
            change.addTo(row, target);
        } else if (isExact) {
            return;
        }
        for (int i = 0; i < in; i++) {
            target[i] = Bf16.toFloat(Bf16.of(target[i]));
        }
    }

    /** The place of a row. */
    private record Place(WeightMatrix part, int row) {}

    private Place place(int row) {
        int local = row;
        for (WeightMatrix part : parts) {
            int rows = part.shape().getFirst().intValue();
            if (local < rows) {
                return new Place(part, local);
            }
            local -= rows;
        }
        throw new IndexOutOfBoundsException("row " + row + " of " + out);
    }
}
