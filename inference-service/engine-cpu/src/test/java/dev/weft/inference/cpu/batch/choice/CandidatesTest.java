package dev.weft.inference.cpu.batch.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    /** Probabilities 0.5, 0.25, 0.125, 0.0625, 0.0625 for tokens 3, 1, 4, 0, 2. */
    private static final float[] SCORES = {
        log(0.0625), log(0.25), log(0.0625), log(0.5), log(0.125)
    };

    private final Candidates candidates = new Candidates(SCORES.length);

    @Test
    void topKKeepsTheBest() {
        assertThat(drawn(1, 1, 2, 0)).containsExactly(1, 3);
    }

    @Test
    void topPKeepsTheFewestWhoseProbabilitiesReachIt() {
        assertThat(drawn(1, 0.5, 0, 0)).containsExactly(3);
        assertThat(drawn(1, 0.6, 0, 0)).containsExactly(1, 3);
        assertThat(drawn(1, 0.76, 0, 0)).containsExactly(1, 3, 4);
    }

    @Test
    void minPCutsBelowAShareOfTheBest() {
        assertThat(drawn(1, 1, 0, 0.25)).containsExactly(1, 3, 4);
    }

    @Test
    void topPCountsWithinTopK() {
        // Among the best two, 0.5 and 0.25, the first alone holds two thirds.
        assertThat(drawn(1, 0.66, 2, 0)).containsExactly(3);
    }

    @Test
    void drawsInProportionAfterTemperature() {
        // At temperature 2 the weights are square roots: 0.7071, 0.5, 0.3536, 0.25, 0.25.
        int best = 0;
        for (int i = 0; i < 10_000; i++) {
            best += draw(2, 1, 0, 0, Sampler.uniform(7, i)) == 3 ? 1 : 0;
        }
        assertThat(best / 10_000.0).isCloseTo(0.7071 / 2.0607, Offset.offset(0.02));
    }

    @Test
    void aTailBeyondTheFirstCutIsReachedWhereTopPAsksForIt() {
        int size = 60_000;
        float[] flat = new float[size];
        flat[0] = 12f;
        Candidates many = new Candidates(size);
        Sampling sampling =
                new Sampling(1, new Sampling.Cut(0.99, 0, 0), Sampling.Penalties.NONE, 0, Map.of());
        // The best holds 0.73; the rest is spread over tokens each 1.6e5 times less likely.
        assertThat(many.draw(flat, sampling, 0.98)).isGreaterThan(0);
    }

    @Test
    void anExcludedTokenIsNeverDrawn() {
        float[] scores = SCORES.clone();
        scores[3] = Float.NEGATIVE_INFINITY;
        for (double u = 0; u < 1; u += 0.01) {
            assertThat(candidates.draw(scores, Sampling.of(1, 0), u)).isNotEqualTo(3);
        }
    }

    @Test
    void ranksTiesByTokenId() {
        assertThat(candidates.top(SCORES, 5, 0))
                .extracting(TokenEvent.TopToken::token)
                .containsExactly(3, 1, 4, 0, 2);
    }

    private Set<Integer> drawn(double temperature, double topP, int topK, double minP) {
        Set<Integer> tokens = new TreeSet<>();
        for (double u = 0; u < 1; u += 0.001) {
            tokens.add(draw(temperature, topP, topK, minP, u));
        }
        return tokens;
    }

    private int draw(double temperature, double topP, int topK, double minP, double uniform) {
        return candidates.draw(
                SCORES,
                new Sampling(
                        temperature,
                        new Sampling.Cut(topP, topK, minP),
                        Sampling.Penalties.NONE,
                        0,
                        Map.of()),
                uniform);
    }

    private static float log(double p) {
        return (float) Math.log(p);
    }
}
