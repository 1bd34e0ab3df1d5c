package dev.weft.inference.cpu.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuadSumsTest {
    /** Exact as floats, so that results can be compared with plain sums. */
    private static final float SCALE = 1f / 1024;

    private final Arena arena = Arena.ofAuto();
    private final QuadSums wide = new QuadSums(QuadSums.WIDE);
    private final QuadSums narrow = new QuadSums(QuadSums.NARROW);

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 8, 40, 576, 1537})
    void addsUpAnyNumberOfInputs(int in) {
        SplittableRandom random = new SplittableRandom(in);
        IntSupplier any = () -> random.nextInt(-Int8.LARGEST, Int8.LARGEST + 1);
        addsUp(in, any, any);
    }

    /** Where 16 bits are nearest to running over. */
    @ParameterizedTest
    @ValueSource(ints = {4, 576, 1000})
    void addsUpTheLargestNumbers(int in) {
        SplittableRandom random = new SplittableRandom(in);
        addsUp(in, () -> Int8.LARGEST, () -> Int8.LARGEST);
        addsUp(in, () -> Int8.LARGEST, () -> -Int8.LARGEST);
        addsUp(in, () -> -Int8.LARGEST, () -> -Int8.LARGEST);
        addsUp(
                in,
                () -> random.nextBoolean() ? Int8.LARGEST : -Int8.LARGEST,
                () -> random.nextBoolean() ? Int8.LARGEST : -Int8.LARGEST);
    }

    /** Forgets the longer row before. */
    @ParameterizedTest
    @ValueSource(ints = {5, 8})
    void takesAShorterRowAfterALongerOne(int in) {
        addsUp(64, () -> 127, () -> 127);
        addsUp(in, () -> 3, () -> -5);
    }

    private void addsUp(int in, IntSupplier inputs, IntSupplier weights) {
        addsUp(wide, QuadSums.WIDE, in, inputs, weights);
        addsUp(narrow, QuadSums.NARROW, in, inputs, weights);
    }

    private void addsUp(
            QuadSums sums, int outputs, int in, IntSupplier inputs, IntSupplier weights) {
        int quads = Math.ceilDiv(in, 4);
        long quadBytes = 4L * outputs;
        MemorySegment packed = arena.allocate(64 + quadBytes * (quads + 1), 64).fill((byte) 99);
        MemorySegment row = arena.allocate(in, 64);
        long[] expected = new long[outputs];
        for (int i = 0; i < in; i++) {
            int x = inputs.getAsInt();
            row.set(ValueLayout.JAVA_BYTE, i, (byte) x);
            for (int o = 0; o < outputs; o++) {
                int w = weights.getAsInt();
                packed.set(
                        ValueLayout.JAVA_BYTE, 64 + i / 4 * quadBytes + 4L * o + i % 4, (byte) w);
                expected[o] += (long) x * w;
            }
        }
        sums.read(row, in);
        sums.sum(packed, 64, 4L * QuadSums.WIDE);
        float[] scales = new float[outputs + 1];
        Arrays.fill(scales, SCALE);
        float[] found = new float[outputs];
        sums.scale(scales, 1, 2f, found);
        for (int o = 0; o < outputs; o++) {
            assertThat(found[o]).as("output %d", o).isEqualTo(expected[o] * SCALE * 2f);
        }
    }
}
