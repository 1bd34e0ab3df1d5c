package dev.weft.format.lora.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoraEffectTest {
    private static final int IN = 300;
    private static final int OUT = 7;

    @Test
    void isTheNormOfTheProductOverAllLayers() {
        Random random = new Random(5);
        LoraPair first = pair(0, random, 3, 0.5f);
        LoraPair second = pair(1, random, 5, 2f);
        LoraPair other = new LoraPair(0, LinearModule.K, 1f, first.a(), first.b());

        double expected = Math.sqrt(square(first) + square(second));
        var effect = LoraEffect.of(List.of(first, second, other));

        assertThat(effect.keySet()).containsExactlyInAnyOrder(LinearModule.Q, LinearModule.K);
        assertThat(effect.getOrDefault(LinearModule.Q, 0.0))
                .isCloseTo(expected, within(1e-9 * expected));
        assertThat(effect.getOrDefault(LinearModule.K, 0.0))
                .isCloseTo(2 * Math.sqrt(square(first)), within(1e-6));
    }

    @Test
    void isZeroWhereTheFactorsCancelOutAlthoughNeitherIsZero() {
        float[] a = new float[2 * IN];
        float[] b = new float[OUT * 2];
        for (int k = 0; k < IN; k++) {
            a[k] = 0.1f * k;
            a[IN + k] = 0.1f * k;
        }
        for (int o = 0; o < OUT; o++) {
            b[2 * o] = 0.3f * o;
            b[2 * o + 1] = -0.3f * o;
        }

        assertThat(LoraEffect.square(pair(0, 2, 1f, a, b))).isZero();
    }

    /** Computes it the plain way. */
    private static double square(LoraPair pair) {
        double sum = 0;
        for (int o = 0; o < OUT; o++) {
            for (int k = 0; k < IN; k++) {
                double product = 0;
                for (int i = 0; i < pair.rank(); i++) {
                    product +=
                            (double) pair.b().get((long) o * pair.rank() + i)
                                    * pair.a().get((long) i * IN + k);
                }
                sum += pair.scale() * product * pair.scale() * product;
            }
        }
        return sum;
    }

    private static LoraPair pair(int layer, Random random, int rank, float scale) {
        float[] a = new float[rank * IN];
        float[] b = new float[OUT * rank];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = (float) random.nextGaussian();
        }
        return pair(layer, rank, scale, a, b);
    }

    private static LoraPair pair(int layer, int rank, float scale, float[] a, float[] b) {
        return new LoraPair(
                layer,
                LinearModule.Q,
                scale,
                new Tensor(
                        "a", DType.F32, List.of((long) rank, (long) IN), MemorySegment.ofArray(a)),
                new Tensor(
                        "b",
                        DType.F32,
                        List.of((long) OUT, (long) rank),
                        MemorySegment.ofArray(b)));
    }
}
