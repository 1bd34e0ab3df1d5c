package dev.weft.catalog.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.measure.Times;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Simulates rollouts, with a look after every few requests. All are seeded. */
class EvidenceTest {
    private static final double ALPHA = 0.05;
    private static final int RUNS = 200;

    /** Requests of each version, and of each version between two looks. */
    private static final int REQUESTS = 2_000;

    private static final int BETWEEN_LOOKS = 20;

    /** Chats of each version, one after the other, whose requests repeat what their chat drew. */
    private static final class Chats {
        private final Random random;
        private final int requests;
        private final double alike;
        private final double[] drawn = new double[2];
        private final int[] left = new int[2];

        /**
         * @param requests of each chat
         * @param alike the chance that a request repeats its chat's draw
         */
        Chats(int seed, int requests, double alike) {
            this.random = new Random(seed);
            this.requests = requests;
            this.alike = alike;
        }

        double drawBefore() {
            return draw(0);
        }

        double drawCandidate() {
            return draw(1);
        }

        private double draw(int version) {
            if (left[version] == 0) {
                left[version] = requests;
                drawn[version] = random.nextDouble();
            }
            left[version]--;
            return random.nextDouble() < alike ? drawn[version] : random.nextDouble();
        }
    }

    /** One rollout: after how many requests of the candidate evidence reaches 1 / alpha; or -1. */
    private interface Run {
        int found(double logThreshold);
    }

    @Test
    void equalErrorRatesAreTakenForARegressionRarely() {
        for (double rate : new double[] {0.002, 0.05, 0.5}) {
            assertThat(found(run -> errors(run, rate, rate, 0), ALPHA))
                    .as("at %s", rate)
                    .isLessThanOrEqualTo((int) (RUNS * ALPHA));
        }
    }

    @Test
    void aRateAtTheMarginIsTakenForARegressionRarely() {
        assertThat(found(run -> errors(run, 0.02, 0.03, 0.01), ALPHA))
                .isLessThanOrEqualTo((int) (RUNS * ALPHA));
    }

    @Test
    void aRegressionOfErrorsIsFound() {
        // 1 % before, 6 % now, 1 point allowed: after 2,000 requests each, nearly always
        assertThat(found(run -> firstOf(2_000, errors(run, 0.01, 0.06, 0.01)), 0.01 / 9))
                .isGreaterThan((int) (RUNS * 0.95));
        // half of the requests fail: after 60 requests each
        assertThat(found(run -> firstOf(60, errors(run, 0.01, 0.5, 0.01)), 0.01 / 9))
                .isGreaterThan((int) (RUNS * 0.95));
    }

    @Test
    void equalTimesAreTakenForARegressionRarely() {
        for (double quantile : new double[] {0.5, 0.9}) {
            assertThat(found(run -> times(run, 1, quantile, 1), ALPHA))
                    .as("quantile %s", quantile)
                    .isLessThanOrEqualTo((int) (RUNS * ALPHA));
        }
    }

    @Test
    void timesAtTheBoundAreTakenForARegressionRarely() {
        assertThat(found(run -> times(run, 1.25, 0.9, 1.25), ALPHA))
                .isLessThanOrEqualTo((int) (RUNS * ALPHA));
    }

    @Test
    void slowerTimesAreFound() {
        // 2 times as slow, 1.25 times allowed, times spread by a factor of 1.6 around their median
        assertThat(found(run -> firstOf(600, times(run, 2, 0.9, 1.25)), 0.01 / 9))
                .isGreaterThan((int) (RUNS * 0.95));
        assertThat(found(run -> firstOf(300, times(run, 2, 0.5, 1.25)), 0.01 / 9))
                .isGreaterThan((int) (RUNS * 0.95));
    }

    @Test
    void scoresAreComparedByTheirMeans() {
        assertThat(found(run -> scores(run, 0.7, 0.7, 0), ALPHA))
                .isLessThanOrEqualTo((int) (RUNS * ALPHA));
        assertThat(found(run -> firstOf(700, scores(run, 0.7, 0.5, 0.02)), 0.01 / 9))
                .isGreaterThan((int) (RUNS * 0.95));
    }

    @Test
    void noObservationsAreNoEvidence() {
        Observations none = new Observations(0, 0);
        assertThat(MeanTest.log(none, none, 0)).isLessThanOrEqualTo(1e-9);
        assertThat(MeanTest.log(none, new Observations(50, 50), 0)).isLessThanOrEqualTo(1e-9);
        assertThat(QuantileTest.log(Times.NONE, Times.NONE, 0.9, 1)).isLessThanOrEqualTo(1e-9);
        assertThat(QuantileTest.log(Times.NONE, times(300, 5e9, new Random(1)), 0.9, 1))
                .isLessThanOrEqualTo(1e-9);
    }

    @Test
    void aQuantileIsTheEdgeOfItsBucket() {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        counts.put(Times.bucket(10_000_000), 90L);
        counts.put(Times.bucket(80_000_000), 10L);
        Times times = new Times(counts);
        assertThat(QuantileTest.seconds(times, 0.9)).isBetween(0.01, 0.01045);
        assertThat(QuantileTest.seconds(times, 0.91)).isBetween(0.08, 0.0836);
        assertThat(QuantileTest.seconds(Times.NONE, 0.9)).isNaN();
    }

    /** The tests take requests to be independent; these are so by half. */
    @Test
    void chatsThatAreAlikeByHalfAreTakenForARegressionRarely() {
        assertThat(found(run -> errors(new Chats(run, 10, 0.5), 0.01, 0.01, 0.01), 0.01))
                .isLessThanOrEqualTo((int) (RUNS * 0.01));
        assertThat(found(run -> times(new Chats(run, 10, 0.5), 0.9, 1.25), 0.01))
                .isLessThanOrEqualTo((int) (RUNS * 0.01));
    }

    /** The cost of that, for a version at the bound, and what helps. */
    @Test
    void chatsThatFailAsAWholeNeedAlphaToThePowerOfTheirLength() {
        IntFunction<Run> atTheBound = run -> errors(new Chats(run, 5, 1), 0.02, 0.03, 0.01);
        assertThat(found(atTheBound, ALPHA)).isGreaterThan((int) (2 * RUNS * ALPHA));
        assertThat(found(atTheBound, Math.pow(ALPHA, 5))).isLessThanOrEqualTo((int) (RUNS * ALPHA));
    }

    /** Both versions fail for the same requests: what one observation says, the other says too. */
    @Test
    void pairsThatBelongTogetherAreTakenForARegressionRarely() {
        assertThat(found(run -> paired(run, 0.05, 0.05, 0), ALPHA))
                .isLessThanOrEqualTo((int) (RUNS * ALPHA));
        assertThat(found(run -> paired(run, 0.02, 0.03, 0.01), ALPHA))
                .isLessThanOrEqualTo((int) (RUNS * ALPHA));
    }

    @Test
    void aRegressionWithinPairsIsFound() {
        // three bounds, alpha 0.01: half of the requests fail, 1 % before, 1 point allowed
        assertThat(found(run -> firstOf(100, paired(run, 0.01, 0.5, 0.01)), 0.01 / 3))
                .isGreaterThan((int) (RUNS * 0.95));
        // 10 % fail
        assertThat(found(run -> firstOf(1_000, paired(run, 0.01, 0.1, 0.01)), 0.01 / 3))
                .isGreaterThan((int) (RUNS * 0.95));
    }

    @Test
    void slowerTimesWithinPairsAreFound() {
        Random random = new Random(1);
        Times before = times(2_000, 50e6, random);
        Times candidate = times(2_000, 100e6, random);
        assertThat(QuantileTest.log(before, candidate, 0.9, 1.25, Samples.PAIRED))
                .isGreaterThan(Math.log(300))
                .isLessThan(QuantileTest.log(before, candidate, 0.9, 1.25));
        assertThat(QuantileTest.log(before, before, 0.9, 1.25, Samples.PAIRED)).isNegative();
    }

    /** One draw decides for both. */
    private static Run paired(int seed, double before, double candidate, double margin) {
        Random random = new Random(seed);
        return threshold -> {
            int first = 0;
            int second = 0;
            for (int n = 1; n <= REQUESTS; n++) {
                double draw = random.nextDouble();
                first += draw < before ? 1 : 0;
                second += draw < candidate ? 1 : 0;
                if (n % BETWEEN_LOOKS == 0
                        && MeanTest.log(
                                        new Observations(first, n),
                                        new Observations(second, n),
                                        margin,
                                        Samples.PAIRED)
                                >= threshold) {
                    return n;
                }
            }
            return -1;
        };
    }

    private static int found(IntFunction<Run> runs, double alpha) {
        int found = 0;
        for (int run = 0; run < RUNS; run++) {
            if (runs.apply(run).found(-Math.log(alpha)) >= 0) {
                found++;
            }
        }
        return found;
    }

    private static Run firstOf(int most, Run run) {
        return threshold -> {
            int after = run.found(threshold);
            return after <= most ? after : -1;
        };
    }

    private static Run errors(int seed, double before, double candidate, double margin) {
        return errors(new Chats(seed, 1, 0), before, candidate, margin);
    }

    private static Run errors(Chats chats, double before, double candidate, double margin) {
        return threshold -> {
            int first = 0;
            int second = 0;
            for (int n = 1; n <= REQUESTS; n++) {
                first += chats.drawBefore() < before ? 1 : 0;
                second += chats.drawCandidate() < candidate ? 1 : 0;
                if (n % BETWEEN_LOOKS == 0
                        && MeanTest.log(
                                        new Observations(first, n),
                                        new Observations(second, n),
                                        margin)
                                >= threshold) {
                    return n;
                }
            }
            return -1;
        };
    }

    private static Run scores(int seed, double before, double candidate, double margin) {
        Random random = new Random(seed);
        return threshold -> {
            double first = 0;
            double second = 0;
            for (int n = 1; n <= REQUESTS; n++) {
                first += 1 - score(random, before);
                second += 1 - score(random, candidate);
                if (n % BETWEEN_LOOKS == 0
                        && MeanTest.log(
                                        new Observations(first, n),
                                        new Observations(second, n),
                                        margin)
                                >= threshold) {
                    return n;
                }
            }
            return -1;
        };
    }

    /** A score between 0 and 1 with that mean: of a judge who is often sure and sometimes not. */
    private static double score(Random random, double mean) {
        double sure = random.nextDouble() < mean ? 1 : 0;
        return random.nextDouble() < 0.5 ? sure : mean;
    }

    private static Run times(int seed, double slower, double quantile, double ratio) {
        Random random = new Random(seed);
        return threshold -> {
            Times before = Times.NONE;
            Times candidate = Times.NONE;
            for (int n = BETWEEN_LOOKS; n <= REQUESTS; n += BETWEEN_LOOKS) {
                before = before.plus(times(BETWEEN_LOOKS, 50e6, random));
                candidate = candidate.plus(times(BETWEEN_LOOKS, 50e6 * slower, random));
                if (QuantileTest.log(before, candidate, quantile, ratio) >= threshold) {
                    return n;
                }
            }
            return -1;
        };
    }

    /** Equal times of both, up to four times the shortest. */
    private static Run times(Chats chats, double quantile, double ratio) {
        return threshold -> {
            Times before = Times.NONE;
            Times candidate = Times.NONE;
            for (int n = BETWEEN_LOOKS; n <= REQUESTS; n += BETWEEN_LOOKS) {
                before = before.plus(times(chats::drawBefore));
                candidate = candidate.plus(times(chats::drawCandidate));
                if (QuantileTest.log(before, candidate, quantile, ratio) >= threshold) {
                    return n;
                }
            }
            return -1;
        };
    }

    private static Times times(DoubleSupplier draws) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int i = 0; i < BETWEEN_LOOKS; i++) {
            long nanos = (long) (50e6 * Math.pow(4, draws.getAsDouble()));
            counts.merge(Times.bucket(nanos), 1L, Long::sum);
        }
        return new Times(counts);
    }

    private static Times times(int count, double medianNanos, Random random) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            long nanos = (long) (medianNanos * Math.pow(1.6, random.nextGaussian()));
            counts.merge(Times.bucket(nanos), 1L, Long::sum);
        }
        return new Times(counts);
    }
}
