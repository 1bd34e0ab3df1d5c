package dev.weft.format.safetensors;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor in place: row-major, little-endian, usually in a mapped file. The bytes stay valid as
 * long as the arena they came from.
 *
 * @param data exactly {@code elements() * dtype.bytes()} bytes
 */
public record Tensor(String name, DType dtype, List<Long> shape, MemorySegment data)
        implements WeightMatrix {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Tensor {
        shape = List.copyOf(shape);
        long expected = elements(shape) * dtype.bytes();
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "tensor "
                            + name
                            + " has "
                            + data.byteSize()
                            + " bytes, its shape takes "
                            + expected);
        }
    }

    public long elements() {
        return elements(shape);
    }

    /** Shape as {@code [16, 576]}. */
    public String shapeText() {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Element {@code index} (row-major) of an F32, F16 or BF16 tensor. */
    public float get(long index) {
        return switch (dtype) {
            case F32 -> data.get(FLOAT, index * 4);
            case F16 -> Float.float16ToFloat(data.get(SHORT, index * 2));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, index * 2) << 16);
            case F64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL, F8_E4M3, F8_E5M2 ->
                    throw new IllegalStateException(name + " is " + dtype + ", not a float");
        };
    }

    /** Copies {@code count} elements from {@code from} on into {@code target}, as float. */
    @Override
    public void copyTo(long from, float[] target, int offset, int count) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(data, FLOAT, 4 * from, target, offset, count);
            case BF16 -> {
                // The compiler vectorizes this loop over an array, but not over a segment.
                short[] bits = new short[count];
                MemorySegment.copy(data, SHORT, 2 * from, bits, 0, count);
                for (int i = 0; i < count; i++) {
                    target[offset + i] = Float.intBitsToFloat(bits[i] << 16);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    target[offset + i] = get(from + i);
                }
            }
        }
    }

    /** All elements of an F32, F16 or BF16 tensor, as float. */
    public float[] floats() {
        float[] values = new float[Math.toIntExact(elements())];
        copyTo(0, values, 0, values.length);
        return values;
    }

    private static long elements(List<Long> shape) {
        long n = 1;
        for (long d : shape) {
            n = Math.multiplyExact(n, d);
        }
        return n;
    }
}
