package dev.weft.inference.cpu.batch.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepCostTest {
    private final StepCost cost = new StepCost();

    @ParameterizedTest
    @EnumSource
    void learnsAMachineFromItsSteps(SimulatedMachine machine) {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 60; i++) {
            StepShape shape = shape(random.nextInt(1, 12), i % 2 * 16 * random.nextInt(1, 16), 900);
            cost.measured(shape, machine.seconds(shape));
        }
        for (int prompt = 0; prompt < 256; prompt += 32) {
            StepShape shape = shape(8, prompt, 1_000);
            assertThat(cost.expected(shape))
                    .as("%s", shape)
                    .isCloseTo(machine.seconds(shape), Percentage.withPercentage(5));
        }
    }

    @Test
    void knowsNothingAtFirstAndNothingFarBeyondWhatItHasSeen() {
        assertThat(cost.expected(shape(1, 0, 0))).isInfinite();
        cost.measured(new StepShape(4, 16, 100), 0.1);
        assertThat(cost.expected(new StepShape(4, 36, 800))).isFinite();
        assertThat(cost.expected(new StepShape(4, 37, 800))).isInfinite();
        assertThat(cost.expected(new StepShape(4, 36, 801))).isInfinite();
    }

    @Test
    void takesRowsForTheCauseWhereStepsOfOneSizeCanNotTell() {
        StepShape eight = shape(8, 0, 50);
        for (int i = 0; i < 100; i++) {
            cost.measured(eight, 0.05);
        }
        assertThat(cost.expected(eight)).isCloseTo(0.05, within(0.001));
        assertThat(cost.expected(shape(16, 0, 50))).isGreaterThan(0.09);
    }

    @Test
    void aLongAnswerDoesNotWashOutWhatPromptsHaveShown() {
        StepShape mixed = shape(4, 128, 300);
        for (int i = 0; i < 20; i++) {
            StepShape shape = shape(4, 16 * (1 + i % 8), 300);
            cost.measured(shape, SimulatedMachine.AFFINE.seconds(shape));
        }
        StepShape alone = shape(1, 0, 300);
        for (int i = 0; i < 5_000; i++) {
            cost.measured(
                    alone, SimulatedMachine.AFFINE.seconds(alone) * (i % 2 == 0 ? 0.95 : 1.05));
        }
        assertThat(cost.expected(mixed))
                .isCloseTo(SimulatedMachine.AFFINE.seconds(mixed), Percentage.withPercentage(10));
    }

    @Test
    void followsAMachineThatBecomesTwiceAsSlow() {
        for (int i = 0; i < 130; i++) {
            StepShape shape = shape(4, 16 * (1 + i % 8), 300);
            cost.measured(shape, SimulatedMachine.AFFINE.seconds(shape) * (i < 100 ? 1 : 2));
        }
        StepShape shape = shape(4, 96, 300);
        assertThat(cost.expected(shape))
                .isCloseTo(
                        2 * SimulatedMachine.AFFINE.seconds(shape), Percentage.withPercentage(15));
    }

    @Test
    void oneSlowStepCountsForLittle() {
        StepShape shape = shape(4, 64, 300);
        for (int i = 0; i < 30; i++) {
            cost.measured(shape, i == 29 ? 1 : 0.1);
        }
        assertThat(cost.expected(shape)).isBetween(0.1, 0.13);
    }

    /** Rows that decode at this position, and a prompt that begins there. */
    private static StepShape shape(int decoding, int prompt, int position) {
        StepShape shape = StepShape.EMPTY;
        for (int i = 0; i < decoding; i++) {
            shape = shape.withDecoding(position);
        }
        return prompt == 0 ? shape : shape.withPrompt(position, prompt);
    }
}
