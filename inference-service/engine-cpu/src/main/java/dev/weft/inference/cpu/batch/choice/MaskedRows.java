package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.cpu.batch.schedule.Row;
import dev.weft.inference.cpu.batch.schedule.RowConstraint;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.statistics.BatchStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The rows whose next token waits for a mask. They take part in no step meanwhile. Owner thread
 * only, except {@link #statistics} and {@link #copies}.
 */
public final class MaskedRows implements AutoCloseable {
    private final MaskThreads threads;
    private final List<Waiting> waiting = new ArrayList<>();
    private final AtomicLong satOut = new AtomicLong();

    private record Waiting(Row row, RowConstraint constraint, MaskTask mask, boolean late) {
        Waiting afterAStep() {
            return new Waiting(row, constraint, mask, true);
        }
    }

    /** A row that waits no longer. */
    public record Ready(Row row, Drawn drawn) {}

    public MaskedRows(MaskThreads threads) {
        this.threads = threads;
    }

    /**
     * Adds a row whose constraint has to be asked; it takes part in no step until the constraint
     * has answered.
     */
    public void add(Row row, Unmasked choice) {
        RowConstraint constraint = Objects.requireNonNull(row.constraint());
        MaskWork work = new MaskWork(row, choice);
        constraint.await();
        waiting.add(
                new Waiting(row, constraint, threads.make(work, constraint.maskNanos()), false));
    }

    /** The copies of scores for choices that are to be added. Any thread. */
    public ScoreCopies copies() {
        return threads.copies();
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /**
     * The rows whose outcome is ready. Rows that have ended are forgotten.
     *
     * @param untilNanos how long to wait for others; nobody waits for a row that has sat out a
     *     step, or whose masks are late again and again
     */
    public List<Ready> take(long untilNanos) {
        List<Ready> ready = new ArrayList<>();
        for (Waiting one : List.copyOf(waiting)) {
            if (one.row.ended()) {
                one.mask.giveUp();
                waiting.remove(one);
                continue;
            }
            boolean patient = !one.late && one.constraint.worthAWait();
            Drawn drawn = outcome(one, patient ? untilNanos : 0);
            if (drawn != null) {
                one.constraint.masked(
                        one.mask.nanos(System.nanoTime()), one.late, drawn instanceof Drawn.Token);
                waiting.remove(one);
                ready.add(new Ready(one.row, drawn));
            }
        }
        return ready;
    }

    private static @Nullable Drawn outcome(Waiting one, long untilNanos) {
        Drawn drawn = one.mask.await(untilNanos);
        if (drawn == null && one.mask.overdue(System.nanoTime())) {
            one.mask.giveUp();
            return new Drawn.Failed(
                    new EngineException(
                            EngineException.Cause.CONSTRAINT_FAILED,
                            "the constraint told no allowed tokens in time, after "
                                    + one.row.produced()
                                    + " tokens of the answer"));
        }
        return drawn;
    }

    /** Counts a step that runs without the rows that wait, and notes that their masks are late. */
    public void sitOut() {
        waiting.replaceAll(Waiting::afterAStep);
        satOut.addAndGet(waiting.size());
    }

    /** Any thread. */
    public BatchStatistics.Masks statistics() {
        return new BatchStatistics.Masks(threads.seconds(), satOut.get());
    }

    @Override
    public void close() {
        threads.close();
    }
}
