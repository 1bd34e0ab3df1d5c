package dev.weft.catalog.rollout;

import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.fault.RefusedException;
import dev.weft.catalog.rollout.compare.EachSecond;
import dev.weft.catalog.rollout.judge.Bound;
import dev.weft.catalog.rollout.judge.Finding;
import dev.weft.catalog.rollout.judge.FindingReasons;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Looks at all rollouts every second, and moves each that is due, forward or back. All its state is
 * in the database: after a restart it goes on from there, and of several catalogs the one that
 * locks a rollout first moves it. One loop between start and close.
 */
final class RolloutWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutWatch.class);

    /**
     * Gateways report every second, so what they measured while no catalog was there comes within
     * this time.
     */
    private static final Duration REPORTS = Duration.ofSeconds(2);

    private final Database database;
    private final RolloutMoves moves;
    private final RolloutMetrics metrics;
    private final Runnable committed;
    private final Loop loop;
    private volatile Instant started = Instant.MIN;

    RolloutWatch(
            Database database,
            RolloutMoves moves,
            RolloutMetrics metrics,
            Runnable committed,
            Loops loops) {
        this.database = database;
        this.moves = moves;
        this.metrics = metrics;
        this.committed = committed;
        this.loop = loops.loop("rollouts", new EachSecond(this::look, this::unseen));
    }

    /** Begins to look. No step ends before gateways can have reported of it. */
    void start() {
        hold();
        loop.start();
    }

    /** Keeps all steps until gateways can have reported. */
    void hold() {
        started = moves.now();
    }

    /** Gateways could not report either while the database was away. */
    void unseen() {
        metrics.unknown();
        hold();
    }

    /** Looks at each rollout once. */
    void look() {
        List<Rollout> active = database.transaction(tx -> RolloutTable.active(tx));
        metrics.active(active);
        for (Rollout rollout : active) {
            try {
                look(rollout.id(), this::judge);
            } catch (RefusedException e) {
                String why = "it can't move: " + e.getMessage();
                look(rollout.id(), (tx, refused) -> refused(tx, refused, why));
            }
            loop.goesOn();
        }
    }

    private void look(long id, BiFunction<JdbcClient, Rollout, Optional<Moved>> work) {
        Optional<Moved> moved =
                database.transaction(tx ->
                        RolloutTable.lock(tx, id)
                                .filter(rollout -> rollout.progress().state().isActive())
                                .flatMap(rollout -> work.apply(tx, rollout)));
        moved.ifPresent(this::tell);
    }

    /**
     * Pauses a rollout whose move is refused, or stops it if somebody else has changed the alias.
     */
    private Optional<Moved> refused(JdbcClient tx, Rollout rollout, String why) {
        return moves.own(tx, rollout).isEmpty()
                ? Optional.of(moves.stop(tx, rollout))
                : pause(tx, rollout, why);
    }

    private Optional<Moved> judge(JdbcClient tx, Rollout rollout) {
        if (moves.own(tx, rollout).isEmpty()) {
            return Optional.of(moves.stop(tx, rollout));
        }
        if (!moves.isReady(tx, rollout, rollout.to())) {
            return giveBack(tx, rollout, rollout.to() + " is not Ready any more", null);
        }
        List<Finding> findings =
                Finding.of(rollout.plan().criteria(), MeasureTable.read(tx, rollout));
        Optional<Finding> against =
                findings.stream()
                        .filter(each -> each.isAgainst(rollout.plan().criteria()))
                        .findFirst();
        if (against.isPresent()) {
            Finding found = against.get();
            return giveBack(
                    tx,
                    rollout,
                    FindingReasons.against(
                            rollout.plan().criteria(), rollout.from(), rollout.to(), found),
                    found.bound());
        }
        if (!moves.isReady(tx, rollout, rollout.from())) {
            return pause(
                    tx,
                    rollout,
                    rollout.from() + " is not Ready: all requests go to " + rollout.to());
        }
        return mayEndStep(rollout, findings)
                ? Optional.of(
                        rollout.isLastStep() ? moves.finish(tx, rollout) : moves.step(tx, rollout))
                : Optional.empty();
    }

    private boolean mayEndStep(Rollout rollout, List<Finding> findings) {
        return rollout.progress().state() == Rollout.State.running
                && !moves.now().isBefore(rollout.stepEnds())
                && !moves.now().isBefore(started.plus(REPORTS))
                && findings.stream().allMatch(Finding::isEnough);
    }

    /** Gives all requests to the version before. If that is not Ready, pauses a running rollout. */
    private Optional<Moved> giveBack(
            JdbcClient tx, Rollout rollout, String reason, @Nullable Bound bound) {
        if (moves.isReady(tx, rollout, rollout.from())) {
            return Optional.of(moves.giveBack(tx, Actor.CATALOG, rollout, reason, bound));
        }
        return pause(tx, rollout, rollout.from() + " is not Ready to return to. " + reason);
    }

    private Optional<Moved> pause(JdbcClient tx, Rollout rollout, String reason) {
        return rollout.progress().state() == Rollout.State.paused
                ? Optional.empty()
                : Optional.of(moves.pause(tx, Actor.CATALOG, rollout, reason));
    }

    /** Tells of a move that is committed. */
    void tell(Moved moved) {
        committed.run();
        metrics.moved(moved);
        Rollout rollout = moved.rollout();
        switch (moved.move()) {
            case returned, stopped, pause ->
                    LOG.warn(
                            "{}: {}: {}", what(rollout), moved.move(), rollout.progress().reason());
            case start, step, resume ->
                    LOG.info(
                            "{}: {}: {} % of the requests go to {}",
                            what(rollout), moved.move(), rollout.step().weight(), rollout.to());
            case done -> LOG.info("{}: done", what(rollout));
        }
    }

    private static String what(Rollout rollout) {
        return "rollout %d of alias '%s' from %s to %s"
                .formatted(rollout.id(), rollout.alias().name(), rollout.from(), rollout.to());
    }

    @Override
    public void close() {
        loop.close();
    }
}
