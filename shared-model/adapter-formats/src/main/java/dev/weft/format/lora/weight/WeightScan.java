package dev.weft.format.lora.weight;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One pass over the bits of a tensor of F32, F16 or BF16, eight bytes at a time. One is added to
 * the exponent of every value in a word; it carries into the sign if all bits of the exponent are
 * set, as they are in infinities and NaNs.
 *
 * @param notFinite index of the first NaN or infinity, -1 if all values are finite
 * @param zero every value is zero
 */
public record WeightScan(long notFinite, boolean zero) {
    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The parts of the values in a word of eight bytes. */
    private record Masks(long exponents, long ones, long signs) {
        static final Masks F32 =
                new Masks(0x7f80_0000_7f80_0000L, 0x0080_0000_0080_0000L, 0x8000_0000_8000_0000L);
        static final Masks BF16 =
                new Masks(0x7f80_7f80_7f80_7f80L, 0x0080_0080_0080_0080L, 0x8000_8000_8000_8000L);
        static final Masks F16 =
                new Masks(0x7c00_7c00_7c00_7c00L, 0x0400_0400_0400_0400L, 0x8000_8000_8000_8000L);

        static Masks of(DType dtype) {
            return dtype == DType.F32 ? F32 : dtype == DType.BF16 ? BF16 : F16;
        }
    }

    static WeightScan of(Tensor tensor) {
        MemorySegment data = tensor.data();
        Masks masks = Masks.of(tensor.dtype());
        long exponents = masks.exponents;
        long ones = masks.ones;
        long whole = data.byteSize() / Long.BYTES * Long.BYTES;
        long any = rest(data, whole);
        long carries = (any & exponents) + ones;
        for (long at = 0; at < whole; at += Long.BYTES) {
            long word = data.get(WORD, at);
            any |= word;
            carries |= (word & exponents) + ones;
        }
        boolean finite = (carries & masks.signs) == 0;
        return new WeightScan(finite ? -1 : firstNotFinite(tensor), (any & ~masks.signs) == 0);
    }

    /** True if every byte is zero. */
    public static boolean allZero(MemorySegment data) {
        long whole = data.byteSize() / Long.BYTES * Long.BYTES;
        long any = rest(data, whole);
        for (long at = 0; at < whole; at += Long.BYTES) {
            any |= data.get(WORD, at);
        }
        return any == 0;
    }

    /** The bytes after the last whole word, padded with zeros. */
    private static long rest(MemorySegment data, long from) {
        long word = 0;
        for (long at = from; at < data.byteSize(); at++) {
            long value = data.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            word |= value << (8 * (at - from));
        }
        return word;
    }

    private static long firstNotFinite(Tensor tensor) {
        long index = 0;
        while (Float.isFinite(tensor.get(index))) {
            index++;
        }
        return index;
    }
}
