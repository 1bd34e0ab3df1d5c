package dev.weft.inference.cpu.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.batch.cost.SimulatedMachine;
import dev.weft.inference.cpu.kernel.attention.Attention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerTest {
    /** So short that a step has one block of prompts beside rows that decode. */
    private static final Duration SHORT = Duration.ofMillis(1);

    @Test
    void aShortPromptPassesALongOne() {
        try (SimulatedBatch batch = batch(10_000)) {
            decode(batch);
            Row longOne = batch.start(3_200, 1);
            batch.step();
            Row shortOne = batch.start(32, 1);
            assertThat(stepsUntilEnded(batch, shortOne)).isLessThanOrEqualTo(4);
            assertThat(longOne.ended()).isFalse();
        }
    }

    @Test
    void aLongPromptGetsHalfOfTheStepsHoweverManyShortOnesCome() {
        try (SimulatedBatch batch = batch(10_000)) {
            decode(batch);
            Row longOne = batch.start(3_200, 1);
            int steps = 0;
            while (!longOne.ended()) {
                batch.start(16, 1);
                batch.step();
                steps++;
                assertThat(steps).isLessThanOrEqualTo(2 * 3_200 / Attention.BLOCK + 1);
            }
        }
    }

    @Test
    void equalPromptsAreServedOneAfterTheOther() {
        try (SimulatedBatch batch = batch(10_000)) {
            decode(batch);
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                rows.add(batch.start(160, 1));
            }
            for (int i = 0; i < rows.size(); i++) {
                assertThat(stepsUntilEnded(batch, rows.get(i))).isEqualTo(10);
                assertThat(rows.subList(i + 1, rows.size()))
                        .allSatisfy(row -> assertThat(row.computed()).isZero());
            }
        }
    }

    @Test
    void decodingRowsTakePartInEveryStep() {
        try (SimulatedBatch batch = batch(10_000)) {
            Row decoding = decode(batch);
            batch.start(2_000, 10);
            for (int i = 0; i < 50; i++) {
                int before = decoding.produced();
                batch.step();
                assertThat(decoding.produced()).isEqualTo(before + 1);
            }
        }
    }

    @Test
    void aPreemptedRowFindsItsBlocksAgain() {
        try (SimulatedBatch batch =
                new SimulatedBatch(8, 4, SHORT, SimulatedMachine.LINEAR::seconds)) {
            Row old = batch.start(48, 24);
            batch.step();
            // Four blocks are left: enough for its prompt, until the other one needs a fifth.
            Row young = batch.start(60, 10);
            while (batch.scheduler().preemptions() == 0) {
                batch.step();
                assertThat(old.ended()).isFalse();
            }
            assertThat(young.computed()).isZero();
            young.reuse();
            assertThat(young.computed()).isGreaterThanOrEqualTo(32);
            young.preempt();
            stepsUntilEnded(batch, young);
            assertThat(young.cached()).as("others did not compute its own tokens").isZero();
        }
    }

    /** Ten rows on a cache that holds three of the longest. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theOldestAlwaysGetsOnAndAllEnd(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (SimulatedBatch batch =
                new SimulatedBatch(60, 10, SHORT, SimulatedMachine.AFFINE::seconds)) {
            List<Row> left = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                left.add(batch.start(random.nextInt(1, 250), random.nextInt(1, 70)));
            }
            while (!left.isEmpty()) {
                Row oldest = left.getFirst();
                int before = oldest.computed();
                boolean decodes = oldest.decodes();
                batch.step();
                // A prompt may wait every other step, a row that decodes never does.
                assertThat(oldest.computed()).isGreaterThanOrEqualTo(before + (decodes ? 1 : 0));
                assertThat(batch.cache().used()).isLessThanOrEqualTo(batch.cache().capacity());
                left.removeIf(Row::ended);
            }
            assertThat(batch.scheduler().preemptions()).isPositive();
            assertThat(batch.scheduler().isIdle()).isTrue();
            assertThat(batch.cache().used()).isZero();
        }
    }

    private static SimulatedBatch batch(int blocks) {
        return new SimulatedBatch(blocks, 32, SHORT, SimulatedMachine.CONSTANT::seconds);
    }

    /** A row that decodes for long. */
    private static Row decode(SimulatedBatch batch) {
        Row row = batch.start(10, 4_000);
        batch.step();
        assertThat(row.decodes()).isTrue();
        return row;
    }

    private static int stepsUntilEnded(SimulatedBatch batch, Row row) {
        for (int steps = 1; steps < 10_000; steps++) {
            batch.step();
            if (row.ended()) {
                return steps;
            }
        }
        throw new AssertionError("it never ends");
    }
}
