package dev.weft.format.trtllm;

import dev.weft.format.npy.NpyType;
import dev.weft.format.safetensors.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;

/** Fills one row of {@code lora_weights}, matrix by matrix; the rest stays zero. */
final class RowWriter {
    private static final int CHUNK = 8192;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment row;
    private final NpyType storage;
    private final float[] values = new float[CHUNK];
    private long at;

    RowWriter(MemorySegment row, NpyType storage) {
        this.row = row;
        this.storage = storage;
    }

    /** Appends a matrix, every value times {@code scale}. */
    void append(Tensor tensor, float scale) throws ConversionException {
        long elements = tensor.elements();
        boolean any = false;
        boolean kept = false;
        for (long from = 0; from < elements; from += CHUNK) {
            int count = (int) Math.min(CHUNK, elements - from);
            tensor.copyTo(from, values, 0, count);
            for (int i = 0; i < count; i++) {
                float value = values[i] * scale;
                float stored = store(at + i, value);
                if (!Float.isFinite(stored)) {
                    throw tooLarge(tensor, scale, values[i], from + i);
                }
                any |= value != 0;
                kept |= stored != 0;
            }
            at += count;
        }
        if (any && !kept) {
            throw new ConversionException(
                    tensor.name()
                            + ": every value, times the scale "
                            + scale
                            + ", rounds to zero in "
                            + name()
                            + "; allowed: a type with a larger range, float32 or bfloat16");
        }
    }

    /** Writes one value; returns the value that reading it gives. */
    private float store(long index, float value) {
        return switch (storage) {
            case FLOAT16 -> {
                short bits = Float.floatToFloat16(value);
                row.set(SHORT, 2 * index, bits);
                yield Float.float16ToFloat(bits);
            }
            case BFLOAT16 -> {
                short bits = bfloat16(value);
                row.set(SHORT, 2 * index, bits);
                yield Float.intBitsToFloat(bits << 16);
            }
            case FLOAT32 -> {
                row.set(FLOAT, 4 * index, value);
                yield value;
            }
            case INT32 -> throw new IllegalArgumentException("weights are not integers");
        };
    }

    /** Rounds to the nearest, ties to even. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    private ConversionException tooLarge(Tensor tensor, float scale, float value, long index) {
        return new ConversionException(
                tensor.name()
                        + ": "
                        + value
                        + " at index "
                        + index
                        + ", times the scale "
                        + scale
                        + ", is too large for "
                        + name()
                        + "; allowed: a type with a larger range, float32 or bfloat16");
    }

    private String name() {
        return storage.name().toLowerCase(Locale.ROOT);
    }
}
