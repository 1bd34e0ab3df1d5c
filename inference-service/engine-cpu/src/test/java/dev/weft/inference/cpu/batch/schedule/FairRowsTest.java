package dev.weft.inference.cpu.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.batch.cost.SimulatedMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tenants share the rows: a batch simulated step by step around the real scheduler and cache,
 * without threads or a clock. Waits are counted in steps.
 */
class FairRowsTest {
    /** So short that a step has one block of prompts beside rows that decode. */
    private static final Duration SHORT = Duration.ofMillis(1);

    private static final String FLOOD = "flood";

    /**
     * One tenant floods with any lengths; others come and go. Each newcomer has a row within the
     * bound: with p the most steps that a prompt took from its first piece to its first token, and
     * k the tenants without a row, {@code ceil(k / rows) * (p + TURN)} steps.
     */
    @ParameterizedTest(name = "{0} rows, {1} other tenants, seed {2}")
    @CsvSource({"32, 3, 1", "8, 5, 2", "4, 12, 3", "1, 4, 4", "1, 1, 5", "3, 2, 6"})
    void whoComesHasARowWithinTheBoundHoweverOthersFlood(int rows, int others, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (SimulatedBatch batch =
                new SimulatedBatch(40_000, rows, SHORT, SimulatedMachine.AFFINE::seconds)) {
            Newcomers newcomers = new Newcomers(batch, rows);
            int flooding = 0;
            for (int step = 0; step < 10_000; step++) {
                while (batch.scheduler().admission().waiting() < 3 * rows && flooding < 10_000) {
                    batch.start(FLOOD, random.nextInt(1, 1_000), random.nextInt(1, 2_000));
                    flooding++;
                }
                String tenant = "t" + random.nextInt(others);
                if (random.nextInt(newcomers.knows(tenant) ? 400 : 40) == 0) {
                    for (int i = random.nextInt(1, 4); i > 0; i--) {
                        newcomers.start(
                                tenant, random.nextInt(1, 300), random.nextInt(1, 150), step);
                    }
                }
                batch.step();
                newcomers.look(step + 1);
            }
            newcomers.assertBound();
        }
    }

    /** The tenants that came, and when each had its first row. */
    private static final class Newcomers {
        private final SimulatedBatch batch;
        private final int rows;
        private final List<Wait> waits = new ArrayList<>();
        private final Map<Row, Integer> touched = new HashMap<>();
        private int longestPrompt;
        private int now;

        private static final class Wait {
            final Row row;
            final int asked;
            int place;
            int had = -1;

            Wait(Row row, int asked) {
                this.row = row;
                this.asked = asked;
            }
        }

        Newcomers(SimulatedBatch batch, int rows) {
            this.batch = batch;
            this.rows = rows;
        }

        boolean knows(String tenant) {
            return batch.started().stream().anyMatch(row -> isHere(row, tenant));
        }

        void start(String tenant, int prompt, int answer, int step) {
            boolean comes = !knows(tenant);
            Row row = batch.start(tenant, prompt, answer);
            if (comes) {
                waits.add(new Wait(row, step));
            }
        }

        private static boolean isHere(Row row, String tenant) {
            return !row.ended() && row.tenant().equals(tenant);
        }

        void look(int step) {
            now = step;
            long without = tenantsWithoutARow();
            for (Wait wait : waits) {
                if (wait.had < 0) {
                    wait.place = Math.max(wait.place, (int) without + 1);
                    wait.had = wait.row.turn().hasRun() ? step : -1;
                }
            }
            for (Row row : batch.started()) {
                if (row.produced() == 0 && row.computed() > 0) {
                    touched.putIfAbsent(row, step);
                } else if (row.produced() > 0 && touched.containsKey(row)) {
                    longestPrompt = Math.max(longestPrompt, step - touched.remove(row));
                }
            }
            batch.forgetEnded();
        }

        private long tenantsWithoutARow() {
            return batch.started().stream()
                    .filter(row -> !row.ended())
                    .map(Row::tenant)
                    .distinct()
                    .filter(tenant ->
                            batch.scheduler().admission().running().stream()
                                    .noneMatch(row -> row.tenant().equals(tenant)))
                    .count();
        }

        void assertBound() {
            assertThat(waits).hasSizeGreaterThan(4);
            int turn = longestPrompt + RowTurn.TURN;
            for (Wait wait : waits) {
                int turns = (wait.place + rows - 1) / rows;
                assertThat((wait.had < 0 ? now : wait.had) - wait.asked)
                        .as("steps of %s, in place %d", wait.row.tenant(), wait.place)
                        .isLessThanOrEqualTo(turns * turn + 1);
            }
        }
    }

    @Test
    void whereRowsHaveDecodedForATurnANewcomerHasOneAtOnce() {
        try (SimulatedBatch batch = batch(32)) {
            for (int i = 0; i < 3 * 128; i++) {
                batch.start(FLOOD, 20, 4_000);
            }
            steps(batch, 40 * RowTurn.TURN);
            Row one = batch.start("other", 20, 10);
            batch.step();
            assertThat(one.turn().running()).isTrue();
            assertThat(stepsUntilEnded(batch, one)).isLessThanOrEqualTo(2 + 10);
        }
    }

    /** Three requests with n = 128, short ones without end, and one stream at a time. */
    @Test
    void rowsAreSharedEquallyAmongThoseWhoWantThem() {
        try (SimulatedBatch batch = batch(32)) {
            for (int i = 0; i < 3 * 128; i++) {
                batch.start(FLOOD, 20, 6_000);
            }
            List<Row> stream = new ArrayList<>(List.of(batch.start("stream", 30, 200)));
            int idle = 0;
            for (int step = 0; step < 4_000; step++) {
                for (int i = (int) waiting(batch, "short"); i < 20; i++) {
                    batch.start("short", 20, 100);
                }
                if (stream.getLast().ended()) {
                    stream.add(batch.start("stream", 30, 200));
                }
                batch.step();
                if (step > 3 * RowTurn.TURN) {
                    idle += rows(batch, "stream") == 0 && !stream.getLast().ended() ? 1 : 0;
                    assertThat(rows(batch, FLOOD)).as("step %d", step).isBetween(14L, 17L);
                    assertThat(rows(batch, "short")).as("step %d", step).isBetween(14L, 17L);
                }
            }
            assertThat(idle).isZero();
            assertThat(stream).hasSizeGreaterThan(15);
        }
    }

    /** Rows that make room go on by turns: nobody's answer stops until another has ended. */
    @Test
    void answersThatHaveBegunPauseForTurnsOnly() {
        try (SimulatedBatch batch = batch(32)) {
            List<Row> begun = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                begun.add(batch.start("many", 20, 4_000));
            }
            steps(batch, 3 * RowTurn.TURN);
            for (int i = 0; i < 3 * 128; i++) {
                batch.start(FLOOD, 20, 4_000);
            }
            Map<Row, Integer> last = new HashMap<>();
            Map<Row, Integer> produced = new HashMap<>();
            for (int step = 0; step < 4_000; step++) {
                batch.step();
                for (Row row : begun) {
                    if (row.ended() || row.produced() != produced.getOrDefault(row, -1)) {
                        produced.put(row, row.produced());
                        last.put(row, step);
                    }
                    assertThat(step - last.getOrDefault(row, step))
                            .as("pause at step %d", step)
                            .isLessThanOrEqualTo(2 * RowTurn.LONG_TURN);
                }
            }
            assertThat(begun).allMatch(row -> row.produced() > 1_500);
        }
    }

    /** The same lengths, but one asks for as much as it likes and the other for just enough. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void equalTenantsAreServedEqually(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Long> tokens = new HashMap<>();
        try (SimulatedBatch batch = batch(16)) {
            for (int step = 0; step < 20_000; step++) {
                topUp(batch, random, FLOOD, 300);
                topUp(batch, random, "modest", 9);
                batch.step();
                for (Row row : batch.started()) {
                    if (row.ended()) {
                        tokens.merge(row.tenant(), (long) row.length(), Long::sum);
                    }
                }
                batch.forgetEnded();
            }
        }
        long modest = tokens.getOrDefault("modest", 0L);
        double share = (double) modest / (modest + tokens.getOrDefault(FLOOD, 0L));
        assertThat(share).isBetween(0.47, 0.53);
    }

    private static void topUp(
            SimulatedBatch batch, SplittableRandom random, String tenant, int most) {
        for (long i = waiting(batch, tenant); i < most; i++) {
            batch.start(tenant, random.nextInt(1, 300), random.nextInt(1, 300));
        }
    }

    @Test
    void aFloodOfPromptsLeavesTheOthersTheirPieces() {
        try (SimulatedBatch batch = batch(32)) {
            for (int i = 0; i < 200; i++) {
                batch.start(FLOOD, 3_000, 1);
            }
            steps(batch, 20);
            Row one = batch.start("other", 320, 1);
            // 20 blocks; the tenant served least comes first, until it is no more
            assertThat(stepsUntilEnded(batch, one)).isLessThanOrEqualTo(2 * 20 + RowTurn.TURN);
        }
    }

    /** Rows of all tenants on a cache that holds three of the longest. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void onASmallCacheAllEndWhoeverTheyAreOf(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (SimulatedBatch batch =
                new SimulatedBatch(60, 10, SHORT, SimulatedMachine.AFFINE::seconds)) {
            for (int i = 0; i < 90; i++) {
                String tenant = random.nextInt(3) == 0 ? "t" + random.nextInt(4) : FLOOD;
                batch.start(tenant, random.nextInt(1, 250), random.nextInt(1, 300));
            }
            int steps = 0;
            while (!batch.scheduler().isIdle()) {
                assertThat(batch.step().shape().rows()).as("rows of a step").isPositive();
                assertThat(batch.cache().used()).isLessThanOrEqualTo(batch.cache().capacity());
                assertThat(++steps).isLessThan(60_000);
            }
            assertThat(batch.scheduler().preemptions()).isPositive();
            assertThat(batch.cache().used()).isZero();
        }
    }

    @Test
    void aTenantThatFillsTheCacheMakesRoomForOthersWithLess() {
        try (SimulatedBatch batch =
                new SimulatedBatch(64, 8, SHORT, SimulatedMachine.CONSTANT::seconds)) {
            for (int i = 0; i < 40; i++) {
                batch.start(FLOOD, 100, 500);
            }
            steps(batch, 400);
            Row one = batch.start("other", 100, 100);
            assertThat(stepsUntilEnded(batch, one)).isLessThan(100 + 7 + 3 * RowTurn.TURN);
        }
    }

    @Test
    void whatWaitsInExcessIsThatOfTheTenantWithTheMost() {
        try (SimulatedBatch batch = batch(2)) {
            List<Row> flood = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                flood.add(batch.start(FLOOD, 10, 100));
            }
            batch.step();
            Row other = batch.start("other", 10, 100);
            RowAdmission admission = batch.scheduler().admission();
            assertThat(admission.removeBeyond(6)).containsExactly(flood.getLast());
            assertThat(admission.removeBeyond(6)).isEmpty();
            assertThat(admission.removeBeyond(0))
                    .as("who has had a row stays")
                    .containsExactlyInAnyOrder(flood.get(2), flood.get(3), flood.get(4), other);
        }
    }

    private static SimulatedBatch batch(int rows) {
        return new SimulatedBatch(40_000, rows, SHORT, SimulatedMachine.CONSTANT::seconds);
    }

    private static void steps(SimulatedBatch batch, int count) {
        for (int i = 0; i < count; i++) {
            batch.step();
        }
    }

    private static long rows(SimulatedBatch batch, String tenant) {
        return batch.scheduler().admission().running().stream()
                .filter(row -> row.tenant().equals(tenant))
                .count();
    }

    private static long waiting(SimulatedBatch batch, String tenant) {
        return batch.started().stream()
                .filter(row -> !row.ended() && !row.turn().running() && row.tenant().equals(tenant))
                .count();
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
