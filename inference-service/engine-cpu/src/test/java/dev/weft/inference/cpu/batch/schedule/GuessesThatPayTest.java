package dev.weft.inference.cpu.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.batch.cost.DecodeTimes;
import dev.weft.inference.cpu.batch.cost.StepShape;
import dev.weft.inference.cpu.batch.draft.DraftChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Steps of a simulated machine whose load changes, with guesses that come true as often as they
 * say.
 */
class GuessesThatPayTest {
    private static final int ROWS = 16;
    private static final int MOST_ROWS = 32;
    private static final int STEPS = 4_000;

    /** What a step takes by its rows. */
    enum Machine {
        /** Measured: 16 rows of SmolLM2-135M in bf16 on two cores with AVX-512. */
        BUSY_WITH_16_ROWS(25, 35.5, 41),
        /** Reading the weights takes most. */
        BUSY_WITH_WEIGHTS(25, 28, 31);

        private final double of16;
        private final double of24;
        private final double of32;

        Machine(double of16, double of24, double of32) {
            this.of16 = of16;
            this.of24 = of24;
            this.of32 = of32;
        }

        double millis(int rows) {
            if (rows <= 16) {
                return of16;
            }
            return rows <= 24 ? of24 : of32;
        }
    }

    /** Chooses how many guesses a step verifies. */
    private interface Policy {
        int[] lengths(List<double[]> chances);

        void took(int rows, double millis);
    }

    /** As the engine does. */
    private static final class Learning implements Policy {
        private final DecodeTimes times = new DecodeTimes();
        private final StepsAlone alone = new StepsAlone();

        @Override
        public int[] lengths(List<double[]> chances) {
            if (alone.isDue()) {
                return new int[ROWS];
            }
            StepShape shape = shape(ROWS);
            DraftChoice.Choice choice =
                    DraftChoice.of(
                            chances, MOST_ROWS - ROWS, extra -> times.of(shape.withDrafts(extra)));
            alone.chosen(choice.gain());
            return choice.lengths().stream().mapToInt(Integer::intValue).toArray();
        }

        @Override
        public void took(int rows, double millis) {
            times.measured(shape(rows), millis / 1e3);
        }

        private static StepShape shape(int rows) {
            return new StepShape(rows, 0, 200L * rows);
        }
    }

    /** Knows what each step takes. */
    private record Knowing(Machine machine) implements Policy {
        @Override
        public int[] lengths(List<double[]> chances) {
            return DraftChoice.of(chances, MOST_ROWS - ROWS, extra -> machine.millis(ROWS + extra))
                    .lengths()
                    .stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        @Override
        public void took(int rows, double millis) {}
    }

    /** Guesses for some rows, each token less probable than the one before. */
    private static List<double[]> chances(Random random) {
        List<double[]> chances = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            double each = random.nextDouble(0.3, 0.95);
            double[] ofRow = new double[random.nextDouble() < 0.45 ? 8 : 0];
            double all = 1;
            for (int i = 0; i < ofRow.length; i++) {
                all *= each;
                ofRow[i] = all;
            }
            chances.add(ofRow);
        }
        return chances;
    }

    private static int right(double[] chances, int length, Random random) {
        double draw = random.nextDouble();
        int right = 0;
        while (right < length && draw < chances[right]) {
            right++;
        }
        return right;
    }

    /** Tokens in a millisecond. */
    private static double rate(Machine machine, Policy policy, double noise, long seed) {
        Random guesses = new Random(seed);
        Random busy = new Random(seed + 1);
        double slow = 0;
        double millis = 0;
        int tokens = 0;
        for (int step = 0; step < STEPS; step++) {
            slow = 0.98 * slow + 0.2 * noise * busy.nextGaussian();
            double load = Math.exp(slow + 0.5 * noise * busy.nextGaussian());
            List<double[]> chances = chances(guesses);
            int[] lengths = policy.lengths(chances);
            int rows = ROWS;
            for (int row = 0; row < ROWS; row++) {
                rows += lengths[row];
                tokens += 1 + right(chances.get(row), lengths[row], guesses);
            }
            double took = load * machine.millis(rows);
            policy.took(rows, took);
            millis += took;
        }
        return tokens / millis;
    }

    @ParameterizedTest
    @CsvSource({
        "BUSY_WITH_16_ROWS, 0.05",
        "BUSY_WITH_16_ROWS, 0.3",
        "BUSY_WITH_WEIGHTS, 0.05",
        "BUSY_WITH_WEIGHTS, 0.3"
    })
    void tokensComeNearlyAsFastAsIfTheTimesWereKnown(Machine machine, double noise) {
        double known = 0;
        double learnt = 0;
        for (long seed = 1; seed <= 8; seed++) {
            known += rate(machine, new Knowing(machine), noise, 100 * seed);
            learnt += rate(machine, new Learning(), noise, 100 * seed);
        }
        assertThat(learnt / known).isGreaterThan(0.95);
    }
}
