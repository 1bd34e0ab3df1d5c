package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.batch.choice.Drawn;
import dev.weft.inference.cpu.batch.schedule.Row;
import dev.weft.inference.cpu.batch.schedule.RowFailures;
import dev.weft.inference.cpu.batch.schedule.RowPool;
import dev.weft.inference.cpu.batch.schedule.StepPlan;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.engine.EngineException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The results of a step for each of its rows: a token, or gathered states. Each member of the team
 * writes the results of its own rows; the owner thread reads them when all are done.
 */
final class StepResults {
    private final List<StepPlan.Sampled> sampled;
    private final @Nullable Drawn[] drawn;
    private final List<StepPlan.PooledPart> pooled;
    private final @Nullable Gathering[] gathered;

    /** The result of a pooled part. */
    sealed interface Gathering {
        record Done(RowPool.Gathered gathered) implements Gathering {}

        record Failed(EngineException error) implements Gathering {}
    }

    /** Chooses the token of a row of logits. */
    interface Draw {
        Drawn of(Row row, int logitRow);
    }

    StepResults(StepPlan plan) {
        this.sampled = plan.sampled();
        this.drawn = new @Nullable Drawn[sampled.size()];
        this.pooled = plan.pooled();
        this.gathered = new @Nullable Gathering[pooled.size()];
    }

    /** Computes a member's share of the results, after the forward pass. */
    void compute(Team.Member member, FloatMatrix states, Draw draw) {
        for (int i = member.index(); i < drawn.length; i += member.size()) {
            StepPlan.Sampled one = sampled.get(i);
            drawn[i] = draw.of(one.row(), one.logits());
        }
        for (int i = member.index(); i < gathered.length; i += member.size()) {
            gathered[i] = gather(pooled.get(i), states);
        }
    }

    private static Gathering gather(StepPlan.PooledPart part, FloatMatrix states) {
        try {
            return new Gathering.Done(part.gather(states));
        } catch (RuntimeException | Error e) {
            return new Gathering.Failed(RowFailures.of(part.row(), e));
        }
    }

    /** Rows that have a next token. */
    List<StepPlan.Sampled> sampled() {
        return sampled;
    }

    Drawn drawn(int index) {
        return Objects.requireNonNull(drawn[index]);
    }

    List<StepPlan.PooledPart> pooled() {
        return pooled;
    }

    Gathering gathered(int index) {
        return Objects.requireNonNull(gathered[index]);
    }
}
