package dev.weft.catalog.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MixtureTest {
    @Test
    void theGammaFunctionIsThatOfTables() {
        assertThat(Mixture.logGamma(1)).isCloseTo(0, within(1e-10));
        assertThat(Mixture.logGamma(0.5)).isCloseTo(Math.log(Math.sqrt(Math.PI)), within(1e-10));
        double logFactorial = 0;
        for (int n = 1; n < 300; n++) {
            logFactorial += Math.log(n);
            assertThat(Mixture.logGamma(n + 1.0)).isCloseTo(logFactorial, within(1e-9));
        }
    }

    /** A martingale: what it is worth after one more observation is on average what it was. */
    @Test
    void isWorthTheSameOnAverageAfterOneMoreObservation() {
        for (double p : new double[] {0.01, 0.3, 0.9}) {
            for (int n = 0; n < 40; n++) {
                for (int sum = 0; sum <= n; sum++) {
                    double now = Math.exp(Mixture.log(sum, n, p));
                    double next =
                            p * Math.exp(Mixture.log(sum + 1.0, n + 1.0, p))
                                    + (1 - p) * Math.exp(Mixture.log(sum, n + 1.0, p));
                    assertThat(next).isCloseTo(now, within(1e-8 * now));
                }
            }
        }
    }

    @Test
    void anObservationBetweenIsWorthNoMoreThanItsMean() {
        double p = 0.3;
        for (double x : new double[] {0.1, 0.5, 0.8}) {
            // a score that is x with chance p / x' and 0 else has mean p, for x' = max(x, p)
            double score = Math.max(x, p);
            double chance = p / score;
            double next =
                    chance * Math.exp(Mixture.log(4 + score, 11, p))
                            + (1 - chance) * Math.exp(Mixture.log(4, 11, p));
            assertThat(next).isLessThanOrEqualTo(Math.exp(Mixture.log(4, 10, p)) * (1 + 1e-9));
        }
    }

    @Test
    void theBoundForLargerSumsHoldsForEachOfThem() {
        for (double most : new double[] {0.05, 0.5, 0.9, 0.99}) {
            for (int n = 1; n <= 120; n++) {
                double larger = Double.POSITIVE_INFINITY;
                for (int sum = n; sum >= 0; sum--) {
                    larger = Math.min(larger, Mixture.logUpTo(sum, n, most));
                    assertThat(Mixture.leastUpTo(sum, n, most))
                            .as("%s of %s up to %s", sum, n, most)
                            .isLessThanOrEqualTo(larger + 1e-9);
                }
            }
        }
    }
}
