package dev.weft.format.lora.weight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightScanTest {
    /** Tests 1 to 40 values, so that every place in a word and every rest occurs. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void findsWhatOneLookAtEachValueFinds(DType dtype) {
        SplittableRandom random = new SplittableRandom(dtype.bytes());
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[(1 + round % 40) * dtype.bytes()];
            if (round % 7 != 0) {
                random.nextBytes(bytes);
            } else if (round % 2 == 0) {
                // minus zero, once
                bytes[bytes.length - 1] = (byte) 0x80;
            }
            Tensor tensor = tensor(dtype, bytes);
            assertThat(WeightScan.of(tensor)).as("round %d", round).isEqualTo(expected(tensor));
        }
    }

    /** Random bits are rarely infinite, so this puts one value of each kind into every place. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void findsEachKindOfValueInEachPlace(DType dtype) {
        int top = dtype == DType.F16 ? 0x7c : 0x7f;
        int next = dtype == DType.F16 ? 0 : 0x80;
        int[][] kinds = {{top, next}, {top | 0x80, next}, {top, next | 1}, {top - 1, 0xff}};
        for (int[] kind : kinds) {
            for (int place = 0; place < 9; place++) {
                byte[] bytes = new byte[9 * dtype.bytes()];
                int end = (place + 1) * dtype.bytes();
                bytes[end - 1] = (byte) kind[0];
                bytes[end - 2] = (byte) kind[1];
                Tensor tensor = tensor(dtype, bytes);
                assertThat(WeightScan.of(tensor))
                        .as("%s, value %d", tensor.get(place), place)
                        .isEqualTo(expected(tensor));
            }
        }
    }

    private static WeightScan expected(Tensor tensor) {
        long notFinite = -1;
        boolean zero = true;
        for (long i = tensor.elements() - 1; i >= 0; i--) {
            zero &= tensor.get(i) == 0;
            notFinite = Float.isFinite(tensor.get(i)) ? notFinite : i;
        }
        return new WeightScan(notFinite, zero);
    }

    private static Tensor tensor(DType dtype, byte[] bytes) {
        long count = bytes.length / dtype.bytes();
        return new Tensor("t", dtype, List.of(count), MemorySegment.ofArray(bytes));
    }
}
