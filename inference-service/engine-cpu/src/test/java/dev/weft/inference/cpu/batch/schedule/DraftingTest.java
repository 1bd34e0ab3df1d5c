package dev.weft.inference.cpu.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.cpu.batch.draft.Draft;
import dev.weft.inference.cpu.batch.draft.Drafter;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.constraint.ScriptedConstraint;
import dev.weft.inference.engine.constraint.TokenConstraint;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Steps that don't go as they were planned. */
class DraftingTest {
    private static final BatchLimits LIMITS =
            new BatchLimits(
                    3,
                    16,
                    16,
                    SimulatedBatch.CONTEXT,
                    Duration.ofMinutes(1),
                    4,
                    BatchLimits.LONGEST_MASK);

    /** Drafts one token, and takes some time for it. */
    private static final class SlowDrafter implements Drafter {
        private int asked;

        @Override
        public Place open() {
            return () -> {};
        }

        @Override
        public List<Draft> draft(List<Ask> asks) {
            asked++;
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 1_000) {
                Thread.onSpinWait();
            }
            return asks.stream().map(_ -> Draft.computed(List.of(1), List.of(0.9))).toList();
        }
    }

    /** Can't guess. */
    private static final class Unguessable extends ScriptedConstraint {
        private Unguessable() {
            super(70, (_, _) -> true, _ -> false);
        }

        @Override
        public int[] expected(int most) {
            throw new IllegalStateException("no guess");
        }
    }

    @Test
    void whatTheModelTookForAStepThatFailedDoesNotCountForTheNext() {
        try (SimulatedBatch batch = SimulatedBatch.ofOneRow()) {
            SlowDrafter model = new SlowDrafter();
            Drafting drafting = new Drafting(LIMITS, model);
            StepPlan alone = plan(batch.row(request(null)));
            drafting.measured(alone.shape(), 0.1);
            drafting.add(alone);
            assertThat(model.asked).isOne();
            assertThat(alone.parts().getFirst().draft().tokens()).hasSize(1);
            // The step fails, and the next one has no place for drafts.
            StepPlan full =
                    plan(
                            batch.row(request(null)),
                            batch.row(request(null)),
                            batch.row(request(null)));
            drafting.add(full);
            assertThat(model.asked).isOne();
            assertThat(drafting.measured(full.shape(), 0.1)).isEqualTo(0.1);
        }
    }

    @Test
    void aStepGoesOnWithoutADraftForWhichTheCacheHasNoMemory() {
        SimulatedBatch batch = SimulatedBatch.ofOneRow();
        batch.close(); // so that memory can't be had
        Drafting drafting = new Drafting(LIMITS, new SlowDrafter());
        StepPlan plan = plan(batch.row(request(null)));
        drafting.measured(plan.shape(), 0.1);

        drafting.add(plan);

        assertThat(plan.parts()).hasSize(1);
        assertThat(plan.parts().getFirst().draft().tokens()).isEmpty();
        assertThat(plan.parts().getFirst().row().fault()).isNull();
    }

    @Test
    void aRowWhoseConstraintFailsAsItIsPlannedTakesNoPartInTheStep() {
        try (SimulatedBatch batch = SimulatedBatch.ofOneRow()) {
            Scheduler scheduler = new Scheduler(LIMITS);
            Row faulty = batch.row(request(new Unguessable()));
            Row other = batch.row(request(null));
            scheduler.admission().enqueue(faulty);
            scheduler.admission().enqueue(other);
            StepPlan first = scheduler.plan();
            assertThat(first.parts()).hasSize(2);
            first.parts().forEach(scheduler::advance);
            for (Row row : List.of(faulty, other)) {
                row.accept(
                        new TokenEvent(2, 1, false, Float.NaN, List.of()), SimulatedBatch.CONTEXT);
            }
            StepPlan next = scheduler.plan();
            assertThat(faulty.fault()).isNotNull();
            assertThat(next.parts()).extracting(StepPlan.Part::row).containsExactly(other);
        }
    }

    private static StepPlan plan(Row... rows) {
        StepPlan plan = new StepPlan();
        for (Row row : rows) {
            plan.add(row, 1);
        }
        return plan;
    }

    private static GenerationRequest request(@Nullable TokenConstraint constraint) {
        return new GenerationRequest(
                "r",
                null,
                List.of(3),
                GenerationRequest.Ending.after(8),
                new GenerationRequest.Selection(Sampling.greedy(), -1, constraint),
                Owner.NOBODY);
    }
}
