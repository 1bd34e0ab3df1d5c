package dev.weft.catalog.rollout;

import dev.weft.catalog.rollout.compare.Compared;
import dev.weft.catalog.rollout.compare.Comparison;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.plan.Plan;
import dev.weft.catalog.version.AliasTarget;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alias on its way from one version to another.
 *
 * @param compared the version before, and the new one
 * @param ended null while it runs or is paused
 */
record Rollout(long id, Comparison compared, Plan plan, Progress progress, @Nullable Instant ended)
        implements Compared {
    /** What becomes of a rollout. The names are those of the admin API and of the database. */
    enum State {
        /** It goes on by itself. */
        running,
        /** It keeps its step until somebody resumes it, but still returns if it has to. */
        paused,
        /** All requests go to the new version. */
        done,
        /** All requests go to the old version again. */
        returned,
        /** Somebody else has changed the alias, which is left as it is. */
        stopped;

        boolean isActive() {
            return switch (this) {
                case running, paused -> true;
                case done, returned, stopped -> false;
            };
        }
    }

    /**
     * How far a rollout is.
     *
     * @param step from 0
     * @param reason why it is in that state; null if there is nothing to say
     * @param bound the bound that was broken; null if none was
     * @param revision of the alias, after the rollout changed it last
     * @param stepped when the step began
     */
    record Progress(
            State state,
            int step,
            @Nullable String reason,
            @Nullable Bound bound,
            long revision,
            Instant stepped) {}

    Rollout with(Progress next, @Nullable Instant end) {
        return new Rollout(id, compared, plan, next, end);
    }

    Plan.Step step() {
        return plan.steps().get(progress.step());
    }

    /** The moment from which on the step may end. */
    Instant stepEnds() {
        return progress.stepped().plusSeconds(step().seconds());
    }

    boolean isLastStep() {
        return progress.step() == plan.steps().size() - 1;
    }

    /** Where the alias leads in that step. */
    List<AliasTarget> targets(int number) {
        int weight = plan.steps().get(number).weight();
        return List.of(from().weighing(Plan.WHOLE - weight), to().weighing(weight));
    }
}
