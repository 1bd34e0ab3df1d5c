package dev.weft.catalog.rollout;

import dev.weft.catalog.alias.Alias;
import dev.weft.catalog.alias.AliasChange;
import dev.weft.catalog.alias.AliasTargetException;
import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.alias.Expected;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditTable;
import dev.weft.catalog.audit.AuditedChange;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.catalog.version.AliasTarget;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The moves of a rollout whose row is locked. The alias, the rollout and the entry in the audit log
 * change within the caller's transaction. Any thread.
 */
final class RolloutMoves {
    private final Aliases aliases;
    private final Clock clock;

    private enum Ending {
        DONE(Moved.Move.done, Rollout.State.done),
        RETURNED(Moved.Move.returned, Rollout.State.returned),
        STOPPED(Moved.Move.stopped, Rollout.State.stopped);

        private final Moved.Move move;
        private final Rollout.State state;

        Ending(Moved.Move move, Rollout.State state) {
            this.move = move;
            this.state = state;
        }
    }

    RolloutMoves(Aliases aliases, Clock clock) {
        this.aliases = aliases;
        this.clock = clock;
    }

    /** The rollout's alias; empty if somebody else has changed or removed it. */
    Optional<Alias> own(JdbcClient tx, Rollout rollout) {
        return aliases.find(tx, rollout.alias())
                .filter(alias -> alias.revision() == rollout.progress().revision());
    }

    boolean isReady(JdbcClient tx, Rollout rollout, RolledVersion version) {
        return aliases.isReady(tx, rollout.alias().tenant(), version.adapter(), version.version());
    }

    /** Goes to the next step. */
    Moved step(JdbcClient tx, Rollout rollout) {
        int next = rollout.progress().step() + 1;
        long revision =
                point(tx, Actor.CATALOG, rollout, rollout.targets(next), AliasChange.Kind.STEP);
        MeasureTable.open(tx, rollout.id(), next);
        var progress =
                new Rollout.Progress(Rollout.State.running, next, null, null, revision, now());
        return moved(tx, Moved.Move.step, Actor.CATALOG, rollout, rollout.with(progress, null));
    }

    /** Gives all requests to the new version. */
    Moved finish(JdbcClient tx, Rollout rollout) {
        List<AliasTarget> all = List.of(rollout.to().weighing(1));
        long revision = point(tx, Actor.CATALOG, rollout, all, AliasChange.Kind.LASTING);
        return end(tx, Ending.DONE, Actor.CATALOG, rollout, null, null, revision);
    }

    /**
     * Gives all requests to the version before.
     *
     * @throws AliasTargetException if it is not Ready any more
     */
    Moved giveBack(
            JdbcClient tx, Actor actor, Rollout rollout, String reason, @Nullable Bound bound) {
        long revision =
                point(
                        tx,
                        actor,
                        rollout,
                        List.of(rollout.from().weighing(1)),
                        AliasChange.Kind.RETURN);
        return end(tx, Ending.RETURNED, actor, rollout, reason, bound, revision);
    }

    /** Leaves the alias to whoever has changed it. */
    Moved stop(JdbcClient tx, Rollout rollout) {
        long revision = rollout.progress().revision();
        String reason = "somebody else has changed or removed the alias";
        return end(tx, Ending.STOPPED, Actor.CATALOG, rollout, reason, null, revision);
    }

    /** Keeps the step until somebody lets it go on. */
    Moved pause(JdbcClient tx, Actor actor, Rollout rollout, String reason) {
        Rollout.Progress now = rollout.progress();
        var progress =
                new Rollout.Progress(
                        Rollout.State.paused,
                        now.step(),
                        reason,
                        null,
                        now.revision(),
                        now.stepped());
        return moved(tx, Moved.Move.pause, actor, rollout, rollout.with(progress, null));
    }

    /** Lets a paused rollout go on. */
    Moved resume(JdbcClient tx, Actor actor, Rollout rollout) {
        Rollout.Progress now = rollout.progress();
        var progress =
                new Rollout.Progress(
                        Rollout.State.running,
                        now.step(),
                        null,
                        null,
                        now.revision(),
                        now.stepped());
        return moved(tx, Moved.Move.resume, actor, rollout, rollout.with(progress, null));
    }

    /** Notes a rollout that has begun. */
    Moved started(JdbcClient tx, Actor actor, Rollout rollout) {
        MeasureTable.open(tx, rollout.id(), 0);
        audit(tx, Moved.Move.start, actor, rollout, null);
        return new Moved(Moved.Move.start, rollout);
    }

    private long point(
            JdbcClient tx,
            Actor actor,
            Rollout rollout,
            List<AliasTarget> targets,
            AliasChange.Kind kind) {
        var seen = new Expected.Revision(rollout.progress().revision());
        var change = new AliasChange(rollout.alias(), seen, targets, kind);
        return aliases.set(tx, actor, change).revision();
    }

    private Moved end(
            JdbcClient tx,
            Ending ending,
            Actor actor,
            Rollout rollout,
            @Nullable String reason,
            @Nullable Bound bound,
            long revision) {
        Rollout.Progress now = rollout.progress();
        var progress =
                new Rollout.Progress(
                        ending.state, now.step(), reason, bound, revision, now.stepped());
        MeasureTable.forgetBatches(tx, rollout.id());
        return moved(tx, ending.move, actor, rollout, rollout.with(progress, now()));
    }

    private Moved moved(
            JdbcClient tx, Moved.Move move, Actor actor, Rollout before, Rollout after) {
        RolloutTable.update(tx, after);
        audit(tx, move, actor, after, before);
        return new Moved(move, after);
    }

    private void audit(
            JdbcClient tx, Moved.Move move, Actor actor, Rollout after, @Nullable Rollout before) {
        AuditTable.write(
                tx,
                AuditedChange.of(actor, "rollout." + move, after.alias()),
                now(),
                before == null ? null : state(before),
                state(after));
    }

    private static Map<String, Object> state(Rollout rollout) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("rollout", rollout.id());
        state.put("from", rollout.from().toString());
        state.put("to", rollout.to().toString());
        state.put("state", rollout.progress().state());
        state.put("step", rollout.progress().step() + 1);
        state.put("weight", rollout.step().weight());
        if (rollout.progress().bound() != null) {
            state.put("bound", rollout.progress().bound());
        }
        if (rollout.progress().reason() != null) {
            state.put("reason", rollout.progress().reason());
        }
        return state;
    }

    Instant now() {
        return Rows.now(clock);
    }
}
