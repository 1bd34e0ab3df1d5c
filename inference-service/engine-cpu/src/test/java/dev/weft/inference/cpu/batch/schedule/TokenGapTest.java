package dev.weft.inference.cpu.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.batch.cost.SimulatedMachine;
import dev.weft.inference.cpu.batch.cost.StepShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps in which prompts share with decoding rows keep to the bound on simulated machines. */
class TokenGapTest {
    /** What a step may take over the bound, once the model has seen a few steps. */
    private static final double MARGIN = 1.25;

    private static final int FIRST_STEPS = 12;

    @ParameterizedTest
    @CsvSource({
        "CONSTANT, 200, 0.0", "CONSTANT, 200, 0.05", "CONSTANT, 20, 0.0",
        "LINEAR, 200, 0.0", "LINEAR, 200, 0.05", "LINEAR, 20, 0.0",
        "AFFINE, 200, 0.0", "AFFINE, 200, 0.05", "AFFINE, 50, 0.05",
        "ATTENTION, 200, 0.0", "ATTENTION, 200, 0.05", "ATTENTION, 100, 0.05"
    })
    void longPromptsDoNotStallAnswers(SimulatedMachine machine, int gapMillis, double noise) {
        double bound = gapMillis / 1e3;
        SplittableRandom random = new SplittableRandom(11);
        try (SimulatedBatch batch =
                new SimulatedBatch(
                        20_000,
                        32,
                        Duration.ofMillis(gapMillis),
                        shape -> machine.seconds(shape) * (1 + noise * random.nextDouble(-1, 1)))) {
            for (int i = 0; i < 8; i++) {
                batch.start(45, 8_000);
            }
            int mixed = 0;
            for (int step = 0; step < 1_000; step++) {
                if (step % 40 == 5) {
                    batch.start(random.nextInt(20, 4_000), random.nextInt(1, 100));
                }
                SimulatedBatch.Result result = batch.step();
                StepShape shape = result.shape();
                boolean both = shape.prompt() > 0 && shape.decoding() > 0;
                if (both && ++mixed > FIRST_STEPS && shape.prompt() > Attention.BLOCK) {
                    assertThat(result.seconds())
                            .as("step %d of %s", step, shape)
                            .isLessThanOrEqualTo(MARGIN * bound);
                }
            }
            assertThat(mixed).isGreaterThan(50);
        }
    }

    @ParameterizedTest
    @CsvSource({"LINEAR, 200", "AFFINE, 200", "ATTENTION, 200"})
    void piecesUseTheTimeThereIs(SimulatedMachine machine, int gapMillis) {
        try (SimulatedBatch batch =
                new SimulatedBatch(20_000, 32, Duration.ofMillis(gapMillis), machine::seconds)) {
            batch.start(45, 8_000);
            batch.step();
            batch.start(4_000, 1);
            for (int i = 0; i < 4; i++) {
                batch.step();
            }
            for (int i = 0; i < 6; i++) {
                assertThat(batch.step().seconds()).isGreaterThan(0.6 * gapMillis / 1e3);
            }
        }
    }

    @Test
    void whereNobodyDecodesAPromptTakesTheWholeStep() {
        try (SimulatedBatch batch =
                new SimulatedBatch(
                        1_000, 32, Duration.ofMillis(1), SimulatedMachine.LINEAR::seconds)) {
            batch.start(1_500, 4);
            assertThat(batch.step().shape().prompt()).isEqualTo(512);
            assertThat(batch.step().shape().prompt()).isEqualTo(512);
            assertThat(batch.step().shape().prompt()).isEqualTo(476);
        }
    }

    @Test
    void aPromptGetsOnByABlockHoweverShortTheBound() {
        try (SimulatedBatch batch =
                new SimulatedBatch(
                        1_000, 32, Duration.ofMillis(1), SimulatedMachine.CONSTANT::seconds)) {
            batch.start(10, 1_000);
            batch.step();
            Row prompt = batch.start(100, 1);
            for (int i = 0; i < 6; i++) {
                assertThat(batch.step().shape().prompt()).isEqualTo(16);
            }
            assertThat(prompt.pending()).isEqualTo(4);
            batch.step();
            assertThat(prompt.ended()).isTrue();
        }
    }
}
