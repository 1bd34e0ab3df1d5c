package dev.weft.model.lora;

import dev.weft.model.safetensors.DType;
import dev.weft.model.safetensors.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One pass over the bits of a tensor of F32, F16 or BF16.
 *
 * @param notFinite index of the first NaN or infinity, -1 where all values are finite
 * @param zero every value is zero
 */
record WeightScan(long notFinite, boolean zero) {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int F32_EXPONENT = 0x7f80_0000;
    private static final int BF16_EXPONENT = 0x7f80;
    private static final int F16_EXPONENT = 0x7c00;

    static WeightScan of(Tensor tensor) {
        if (tensor.dtype() == DType.F32) {
            return scanInts(tensor.data(), tensor.elements());
        }
        int exponent = tensor.dtype() == DType.BF16 ? BF16_EXPONENT : F16_EXPONENT;
        return scanShorts(tensor.data(), tensor.elements(), exponent);
    }

    private static WeightScan scanInts(MemorySegment data, long count) {
        int any = 0;
        for (long i = 0; i < count; i++) {
            int bits = data.get(INT, i * 4);
            if ((bits & F32_EXPONENT) == F32_EXPONENT) {
                return new WeightScan(i, false);
            }
            any |= bits & 0x7fff_ffff;
        }
        return new WeightScan(-1, any == 0);
    }

    private static WeightScan scanShorts(MemorySegment data, long count, int exponent) {
        int any = 0;
        for (long i = 0; i < count; i++) {
            int bits = data.get(SHORT, i * 2);
            if ((bits & exponent) == exponent) {
                return new WeightScan(i, false);
            }
            any |= bits & 0x7fff;
        }
        return new WeightScan(-1, any == 0);
    }
}
