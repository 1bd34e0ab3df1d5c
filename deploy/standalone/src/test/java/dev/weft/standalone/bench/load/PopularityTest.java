package dev.weft.standalone.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PopularityTest {
    private static final int REQUESTS = 100_000;
    private static final int STREAMS = 16;

    /** Each model's share of all requests. */
    private static double[] shares(String popularity, int models) {
        ModelChoice choice = Popularity.parse(popularity).among(models);
        var random = new SplittableRandom(7);
        double[] shares = new double[models];
        for (int i = 0; i < REQUESTS; i++) {
            shares[choice.choose(i, i % STREAMS, random)] += 1.0 / REQUESTS;
        }
        return shares;
    }

    @Test
    void uniformGivesEachModelTheSameShare() {
        assertThat(Arrays.stream(shares("uniform", 8)).boxed())
                .allSatisfy(share -> assertThat(share).isCloseTo(0.125, within(0.005)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.7, 1, 1.5})
    void zipfFollowsItsLaw(double s) {
        int models = 50;
        double sum = 0;
        for (int k = 1; k <= models; k++) {
            sum += Math.pow(k, -s);
        }
        double[] shares = shares("zipf:" + s, models);
        for (int k = 1; k <= models; k++) {
            // five standard deviations of a share of that size
            double p = Math.pow(k, -s) / sum;
            assertThat(shares[k - 1]).isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / REQUESTS)));
        }
    }

    @Test
    void zipfAloneHasTheExponentOne() {
        assertThat(Popularity.parse("zipf")).isEqualTo(Popularity.parse("zipf:1"));
    }

    @Test
    void distinctGivesEachStreamItsOwn() {
        ModelChoice choice = Popularity.parse("distinct").among(16);
        var random = new SplittableRandom(7);
        for (int stream = 0; stream < 20; stream++) {
            for (int request = 0; request < 5; request++) {
                assertThat(choice.choose(request, stream, random)).isEqualTo(stream % 16);
            }
        }
    }

    @Test
    void identicalAsksTheFirstOnly() {
        assertThat(Arrays.stream(shares("identical", 3)).mapToLong(Math::round))
                .containsExactly(1L, 0L, 0L);
    }

    @Test
    void rotateTakesOneAfterTheOtherWhateverTheStream() {
        ModelChoice choice = Popularity.parse("rotate").among(3);
        var random = new SplittableRandom(7);
        for (long request = 0; request < 10; request++) {
            assertThat(choice.choose(request, 5, random)).isEqualTo((int) (request % 3));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "zip", "zipf:", "zipf:x", "zipf:0", "zipf:-1", "zipf:NaN", "UNIFORM"})
    void whatIsNoPopularityIsRefused(String text) {
        assertThatThrownBy(() -> Popularity.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not allowed: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "zipf:1.2", "distinct", "identical", "rotate"})
    void isWrittenAsItIsRead(String text) {
        assertThat(Popularity.parse(text).text()).isEqualTo(text);
    }
}
