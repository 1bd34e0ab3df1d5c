package dev.weft.inference.tensorrtllm.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.Sampling;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DrawsTest {
    private static final double[] TEMPERATURES = {
        0, -0.0, Double.MIN_VALUE, 1e-300, 1e-40, 1e-6, 1e-5, 0.01, 1, 100
    };
    private static final double[] TOP_PS = {Double.MIN_VALUE, 1e-50, 1e-40, 0.5, 1 - 1e-16, 1};
    private static final double[] PENALTIES = {-2, -Double.MIN_VALUE, 0, 2};

    @Test
    void whatTensorRtLlmGetsIsFiniteAndWithinItsRangesInEveryCorner() {
        for (double temperature : TEMPERATURES) {
            for (double topP : TOP_PS) {
                for (double penalty : PENALTIES) {
                    check(
                            new Sampling(
                                    temperature,
                                    new Sampling.Cut(topP, 0, 0),
                                    new Sampling.Penalties(penalty, -penalty, 1),
                                    0,
                                    Map.of()));
                }
            }
        }
    }

    @Test
    void andInRandomCombinations() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 10_000; i++) {
            double temperature = Math.min(100, Math.pow(10, random.nextDouble(-330, 3)));
            double topP = Math.max(Double.MIN_VALUE, Math.pow(10, random.nextDouble(-330, 0)));
            double penalty = random.nextDouble(-2, 2);
            check(
                    new Sampling(
                            temperature,
                            new Sampling.Cut(topP, 0, 0),
                            new Sampling.Penalties(penalty, -penalty, 1),
                            0,
                            Map.of()));
        }
    }

    @Test
    void aTemperatureThatLeavesNothingButTheBestTokenAsksForThat() {
        assertThat(Draws.takesTheBest(Sampling.of(0, 1))).isTrue();
        assertThat(Draws.takesTheBest(Sampling.of(1e-40, 1))).isTrue();
        assertThat(Draws.takesTheBest(Sampling.of(1e-5, 1))).isFalse();
    }

    private static void check(Sampling sampling) {
        boolean best = Draws.takesTheBest(sampling);
        if (!best) {
            float temperature = (float) sampling.temperature();
            assertThat(1e4f / temperature).as("%s", sampling).isFinite();
        }
        assertThat(Draws.topP(sampling)).as("%s", sampling).isPositive().isLessThanOrEqualTo(1);
        for (double penalty :
                new double[] {sampling.penalties().presence(), sampling.penalties().frequency()}) {
            float sent = Draws.afterTemperature(sampling, penalty);
            // counted for each token of an answer
            assertThat(sent * 1e6f).as("%s", sampling).isFinite();
        }
    }
}
