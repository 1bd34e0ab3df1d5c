package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.evidence.Observations;
import dev.weft.catalog.rollout.compare.Compared;
import dev.weft.catalog.rollout.compare.Comparison;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.Measures;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.shadow.ShadowFigures;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A candidate that gets copies of an alias's requests.
 *
 * @param compared the version that the alias serves, and the candidate
 * @param ends when it ends at the latest
 */
record Shadow(
        long id,
        Comparison compared,
        ShadowPlan plan,
        Progress progress,
        Copied copied,
        Instant ends)
        implements Compared {
    /** What becomes of a shadow. The names are those of the admin API and of the database. */
    enum State {
        /** Requests are copied. */
        running,
        /** Its time is over, or its tokens are used. */
        done,
        /** The candidate does worse than allowed. */
        worse,
        /** Somebody ended it. */
        ended,
        /** The alias leads elsewhere, or the candidate is not Ready any more. */
        stopped
    }

    /**
     * How far it is.
     *
     * @param reason why it has ended; null while it runs
     * @param bound the bound that was broken; null if none was
     * @param ended null while it runs
     */
    record Progress(
            State state, @Nullable String reason, @Nullable Bound bound, @Nullable Instant ended) {
        static final Progress RUNNING = new Progress(State.running, null, null, null);
    }

    /**
     * What gateways did for a shadow.
     *
     * @param granted tokens that gateways were given, and may have used
     * @param figures what they measured so far
     */
    record Copied(long granted, ShadowFigures figures) {
        static final Copied NOTHING = new Copied(0, ShadowFigures.NONE);
    }

    long granted() {
        return copied.granted();
    }

    ShadowFigures figures() {
        return copied.figures();
    }

    boolean isRunning() {
        return progress.state() == State.running;
    }

    Shadow with(Progress next) {
        return new Shadow(id, compared, plan, next, copied, ends);
    }

    /** What was measured, as it is judged. */
    Measures measures() {
        return new Measures(of(figures().served()), of(figures().candidate()));
    }

    private static Measures.Of of(Measured measured) {
        return new Measures.Of(measured, new Observations(0, 0));
    }
}
