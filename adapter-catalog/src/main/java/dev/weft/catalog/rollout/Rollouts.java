package dev.weft.catalog.rollout;

import dev.weft.catalog.alias.Alias;
import dev.weft.catalog.alias.AliasChange;
import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.alias.Expected;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.fault.TenantRoom;
import dev.weft.catalog.rollout.compare.Comparison;
import dev.weft.catalog.rollout.compare.ListPage;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.Finding;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.catalog.rollout.judge.ScoresBody;
import dev.weft.catalog.rollout.plan.Plan;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Serves people's requests for rollouts. The change of a rollout, of its alias and the entry in the
 * audit log are one transaction. Calls block. Any thread.
 */
final class Rollouts {
    private final Database database;
    private final Aliases aliases;
    private final RolloutMoves moves;
    private final RolloutWatch watch;
    private final TenantRoom room;

    /**
     * @param room how many rollouts of a tenant may run or be paused
     */
    Rollouts(
            Database database,
            Aliases aliases,
            RolloutMoves moves,
            RolloutWatch watch,
            TenantRoom room) {
        this.database = database;
        this.aliases = aliases;
        this.moves = moves;
        this.watch = watch;
        this.room = room;
    }

    /**
     * A rollout with what its step's figures say.
     *
     * @param waitsFor null if it has ended
     */
    record Shown(Rollout rollout, List<Finding> findings, @Nullable String waitsFor) {}

    /**
     * Begins a rollout: the first step's part of the requests goes to the new version.
     *
     * @param from the version that the alias leads to; null takes it from the alias
     * @throws BadRequestException if a version is not Ready, or the version before is not known
     * @throws ConflictException if the alias leads elsewhere, or is being rolled out already, or
     *     its tenant has no room
     */
    Shown start(
            Actor actor,
            AdapterId alias,
            @Nullable RolledVersion from,
            RolledVersion to,
            Plan plan) {
        return change(tx -> {
            Optional<Alias> found = aliases.lock(tx, alias);
            checkFree(tx, alias);
            room.check(alias.tenant(), RolloutTable.countActive(tx, alias.tenant()));
            RolledVersion before = before(alias, found, from);
            if (before.equals(to)) {
                throw BadRequestException.of(
                        "to", to.toString(), "another version than the alias leads to");
            }
            checkReady(tx, alias, "from", before);
            checkReady(tx, alias, "to", to);
            Alias begun = found.orElseGet(() -> create(tx, actor, alias, before));
            int weight = plan.steps().getFirst().weight();
            Alias changed =
                    aliases.set(
                            tx,
                            actor,
                            new AliasChange(
                                    alias,
                                    new Expected.Revision(begun.revision()),
                                    List.of(
                                            before.weighing(Plan.WHOLE - weight),
                                            to.weighing(weight)),
                                    AliasChange.Kind.STEP));
            Instant now = moves.now();
            var progress =
                    new Rollout.Progress(
                            Rollout.State.running, 0, null, null, changed.revision(), now);
            Rollout rollout =
                    RolloutTable.insert(
                            tx,
                            new Rollout(
                                    0,
                                    new Comparison(alias, before, to, actor.name(), now),
                                    plan,
                                    progress,
                                    null));
            return moves.started(tx, actor, rollout);
        });
    }

    /** Creates the alias with the version before, so that a rollback has somewhere to go. */
    private Alias create(JdbcClient tx, Actor actor, AdapterId alias, RolledVersion before) {
        return aliases.set(
                tx,
                actor,
                new AliasChange(
                        alias,
                        new Expected.Nothing(),
                        List.of(before.weighing(1)),
                        AliasChange.Kind.LASTING));
    }

    private void checkFree(JdbcClient tx, AdapterId alias) {
        for (Rollout active : RolloutTable.active(tx, alias)) {
            // one that has lost its alias ends at the next look
            if (moves.own(tx, active).isPresent()) {
                throw new ConflictException(
                        "alias '" + alias.name() + "' is in rollout " + active.id() + " already");
            }
        }
    }

    private void checkReady(JdbcClient tx, AdapterId alias, String field, RolledVersion version) {
        if (!aliases.isReady(tx, alias.tenant(), version.adapter(), version.version())) {
            throw BadRequestException.of(
                    field, version.toString(), "a version of the alias's tenant that is Ready");
        }
    }

    private static RolledVersion before(
            AdapterId alias, Optional<Alias> found, @Nullable RolledVersion asked) {
        if (found.isEmpty()) {
            if (asked == null) {
                throw BadRequestException.of(
                        "from",
                        null,
                        "the version that requests for '"
                                + alias.name()
                                + "' get now, since there is no such alias");
            }
            return asked;
        }
        RolledVersion current =
                RolledVersion.only(found.get(), "a rollout begins only if it leads to one");
        if (asked != null && !asked.equals(current)) {
            throw new ConflictException(
                    "alias '" + alias.name() + "' leads to " + current + ", not to " + asked);
        }
        return current;
    }

    /**
     * A rollout of a tenant.
     *
     * @throws NotFoundException if there is none
     */
    Shown find(String tenant, long id) {
        return database.transaction(
                tx -> show(tx, RolloutTable.find(tx, tenant, id).orElseThrow(() -> unknown(id))));
    }

    /** Rollouts of a page, and one more if there is one. */
    List<Shown> list(ListPage page) {
        return database.transaction(tx ->
                RolloutTable.page(tx, page).stream().map(rollout -> show(tx, rollout)).toList());
    }

    /**
     * Pauses a rollout, which keeps its step until somebody resumes it. It still goes back to the
     * version before if it has to.
     */
    Shown pause(Actor actor, String tenant, long id) {
        return change(
                tenant,
                id,
                Rollout.State.running,
                (tx, rollout) -> moves.pause(tx, actor, rollout, "paused by " + actor.name()));
    }

    /**
     * Lets a paused rollout go on.
     *
     * @throws ConflictException if it is not paused, or the version before is not Ready
     */
    Shown resume(Actor actor, String tenant, long id) {
        return change(
                tenant,
                id,
                Rollout.State.paused,
                (tx, rollout) -> {
                    if (!moves.isReady(tx, rollout, rollout.from())) {
                        throw new ConflictException(
                                rollout.from()
                                        + " is not Ready: enable it, or point the alias at "
                                        + rollout.to()
                                        + ", which ends the rollout");
                    }
                    return moves.resume(tx, actor, rollout);
                });
    }

    /**
     * Ends a rollout: all requests go to the version before.
     *
     * @throws ConflictException if it has ended, the version before is not Ready any more, or
     *     somebody else has changed the alias
     */
    Shown giveBack(Actor actor, String tenant, long id) {
        return change(
                tenant,
                id,
                null,
                (tx, rollout) -> {
                    if (moves.own(tx, rollout).isEmpty()) {
                        throw new ConflictException(
                                "somebody else has changed or removed the alias");
                    }
                    if (!moves.isReady(tx, rollout, rollout.from())) {
                        throw new ConflictException(rollout.from() + " is not Ready to return to");
                    }
                    return moves.giveBack(tx, actor, rollout, "ended by " + actor.name(), null);
                });
    }

    /**
     * Adds scores of a judge to those of the step, unless scores of their id were added before.
     *
     * @throws ConflictException if the rollout has ended, is in another step than the scores, or
     *     has no bound for scores
     */
    Shown score(String tenant, long id, ScoresBody.Scores scores) {
        return database.transaction(tx -> {
            Rollout rollout = active(tx, tenant, id);
            if (!rollout.plan().bounds().containsKey(Bound.score)) {
                throw new ConflictException("rollout " + id + " has no bound 'score'");
            }
            String batch = scores.id();
            if (batch != null && MeasureTable.isTaken(tx, rollout, batch)) {
                return show(tx, rollout);
            }
            checkStep(rollout, scores.step());
            if (batch != null) {
                MeasureTable.take(tx, rollout, batch);
            }
            MeasureTable.add(tx, rollout, false, scores.from());
            MeasureTable.add(tx, rollout, true, scores.to());
            return show(tx, rollout);
        });
    }

    private static void checkStep(Rollout rollout, @Nullable Integer asked) {
        int step = rollout.progress().step() + 1;
        if (asked != null && asked != step) {
            throw new ConflictException(
                    "rollout " + rollout.id() + " is in step " + step + ", not in " + asked);
        }
    }

    private Shown change(
            String tenant,
            long id,
            Rollout.@Nullable State wanted,
            BiFunction<JdbcClient, Rollout, Moved> work) {
        return change(tx -> {
            Rollout rollout = active(tx, tenant, id);
            if (wanted != null && rollout.progress().state() != wanted) {
                throw new ConflictException(
                        "rollout " + id + " is " + rollout.progress().state() + ", not " + wanted);
            }
            return work.apply(tx, rollout);
        });
    }

    private Shown change(Function<JdbcClient, Moved> work) {
        Moved moved = database.transaction(work);
        watch.tell(moved);
        return database.transaction(tx -> show(tx, moved.rollout()));
    }

    private static Rollout active(JdbcClient tx, String tenant, long id) {
        Rollout rollout =
                RolloutTable.lock(tx, id)
                        .filter(found -> found.alias().tenant().equals(tenant))
                        .orElseThrow(() -> unknown(id));
        if (!rollout.progress().state().isActive()) {
            throw new ConflictException("rollout " + id + " is " + rollout.progress().state());
        }
        return rollout;
    }

    private Shown show(JdbcClient tx, Rollout rollout) {
        List<Finding> findings =
                Finding.of(rollout.plan().criteria(), MeasureTable.read(tx, rollout));
        return new Shown(rollout, findings, Words.waitsFor(rollout, findings, moves.now()));
    }

    private static NotFoundException unknown(long id) {
        return new NotFoundException("there is no rollout " + id);
    }
}
