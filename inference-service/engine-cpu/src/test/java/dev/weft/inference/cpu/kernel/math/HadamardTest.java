package dev.weft.inference.cpu.kernel.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadamardTest {
    /** Multiples of a block, of less than one, and odd. */
    @ParameterizedTest
    @ValueSource(ints = {576, 1536, 896, 64, 40, 12, 7, 1})
    void rotatedInputsTimesRotatedWeightsAreWhatTheyWere(int count) {
        SplittableRandom random = new SplittableRandom(count);
        float[] inputs = gaussians(random, count);
        float[] weights = gaussians(random, count);
        double expected = dot(inputs, weights);
        float[] rotated = rotateInputs(inputs);
        assertThat(dot(rotated, rotateWeights(weights))).isCloseTo(expected, within(1e-4 * count));
    }

    private static float[] rotateWeights(float[] weights) {
        float[] rotated = new float[weights.length];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment plain = arena.allocate(4L * weights.length, 64);
            MemorySegment target = arena.allocate(4L * weights.length, 64);
            VectorMath.copy(weights, 0, plain, 0, weights.length);
            float largest = Hadamard.rotateWeights(plain, target, weights.length);
            VectorMath.copy(target, 0, rotated, 0, weights.length);
            for (float value : rotated) {
                assertThat(Math.abs(value)).isLessThanOrEqualTo(largest);
            }
        }
        return rotated;
    }

    @ParameterizedTest
    @ValueSource(ints = {1536, 40, 7})
    void vectorsRotateAsSingleValuesDo(int count) {
        float[] inputs = gaussians(new SplittableRandom(3), count);
        float[] expected = inputs.clone();
        float largest = Hadamard.rotate(expected);
        assertThat(rotateInputs(inputs)).isEqualTo(expected);
        assertThat(largestOf(inputs)).isEqualTo(largest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1536, 40, 7})
    void theLargestOfARotatedRowIsNaNIfAValueIs(int count) {
        float[] inputs = gaussians(new SplittableRandom(3), count);
        inputs[count / 2] = Float.NaN;
        assertThat(largestOf(inputs)).isNaN();
    }

    @Test
    void spreadsAValueThatStandsOut() {
        float[] inputs = new float[512];
        inputs[300] = 1000f;
        float largest = Hadamard.rotate(inputs);
        double length = Math.sqrt(dot(inputs, inputs));
        assertThat(largest / length).isLessThan(0.3);
    }

    private static float[] rotateInputs(float[] values) {
        try (Arena arena = Arena.ofConfined()) {
            var source = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
            var target = arena.allocate(source.byteSize());
            Hadamard.rotateInputs(source, 0, target, 0, values.length);
            return target.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private static float largestOf(float[] values) {
        try (Arena arena = Arena.ofConfined()) {
            var source = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
            var target = arena.allocate(source.byteSize());
            return Hadamard.rotateInputs(source, 0, target, 0, values.length);
        }
    }

    private static float[] gaussians(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
