package dev.weft.inference.cpu.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorMathTest {
    @Test
    void theExponentialIsCloseToTheRealOneOverItsWholeRange() {
        for (float x = -87f; x < 88f; x += 0.0371f) {
            float[] lanes = VectorMath.exp(FloatVector.broadcast(VectorMath.FLOATS, x)).toArray();
            double expected = Math.exp(x);
            assertThat(lanes[0] / expected).as("exp(%s)", x).isCloseTo(1.0, Offset.offset(4e-7));
        }
    }

    @Test
    void theExponentialIsFiniteOutsideOfItsRangeAndKeepsNaN() {
        for (float x : new float[] {Float.POSITIVE_INFINITY, Float.MAX_VALUE, 88.1f}) {
            assertThat(exp(x)).as("exp(%s)", x).isEqualTo(exp(88f)).isFinite();
        }
        for (float x : new float[] {Float.NEGATIVE_INFINITY, -Float.MAX_VALUE, -87.1f}) {
            assertThat(exp(x)).as("exp(%s)", x).isEqualTo(exp(-87f)).isPositive();
        }
        assertThat(exp(Float.NaN)).isNaN();
    }

    private static float exp(float x) {
        return VectorMath.exp(FloatVector.broadcast(VectorMath.FLOATS, x)).lane(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 36})
    void theLargestMagnitudeIsNaNIfOneValueIs(int at) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(4L * 37, 64);
            for (int i = 0; i < 37; i++) {
                floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 2 == 0 ? i : -i);
            }
            assertThat(VectorMath.largest(floats, 0, 37)).isEqualTo(36f);
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, at, Float.NEGATIVE_INFINITY);
            assertThat(VectorMath.largest(floats, 0, 37)).isEqualTo(Float.POSITIVE_INFINITY);
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, at, Float.NaN);
            assertThat(VectorMath.largest(floats, 0, 37)).isNaN();
        }
    }

    @Test
    void vectorsAreQuantisedAsSingleValuesAre() {
        int count = 3 * 64;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(4L * count, 64);
            SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < count; i++) {
                // ties and the ends of the range among them
                float value = i < 8 ? i - 3.5f : (float) random.nextDouble(-127, 127);
                floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, i == 8 ? -127f : value);
            }
            MemorySegment vectors = arena.allocate(2L * count, 64);
            MemorySegment singles = arena.allocate(2L * count, 64);
            Conversions.toInt8(floats, 0, vectors, 0, count, 1f);
            Conversions.scatterInt8(floats, 0, singles, 0, 1, count, 1f);
            assertThat(vectors.mismatch(singles)).isEqualTo(-1);
            Conversions.toInt16(floats, 0, vectors, 0, count, 127f / 32767);
            Conversions.scatterInt16(floats, 0, singles, 0, 1, count, 127f / 32767);
            assertThat(vectors.mismatch(singles)).isEqualTo(-1);
        }
    }

    @Test
    void bf16IsToNearestEvenAndLeavesTheFloats() {
        try (Arena arena = Arena.ofConfined()) {
            int count = 37;
            Activations x = Activations.allocate(arena, 1, count);
            for (int i = 0; i < count; i++) {
                x.floats().set(0, i, 1.001f * i - 7.77f);
            }
            x.prepare(0, InputForm.BF16);
            float[] read = new float[count];
            Conversions.fromBf16(x.bf16(), read);
            for (int i = 0; i < count; i++) {
                assertThat(x.floats().get(0, i)).isEqualTo(1.001f * i - 7.77f);
                assertThat(read[i]).isEqualTo(Bf16.toFloat(Bf16.of(1.001f * i - 7.77f)));
            }
        }
    }
}
