package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.alias.Alias;
import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.rollout.compare.EachSecond;
import dev.weft.catalog.rollout.judge.Criteria;
import dev.weft.catalog.rollout.judge.Finding;
import dev.weft.catalog.rollout.judge.FindingReasons;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.catalog.version.AliasTarget;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.shadow.CopyOutcome;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Looks at all shadows every second, and ends those that are due. All its state is in the database;
 * of several catalogs the one that locks a shadow first ends it. One loop between start and close.
 */
final class ShadowWatch implements AutoCloseable {
    private final Database database;
    private final Aliases aliases;
    private final ShadowMoves moves;
    private final ShadowStateMetrics metrics;
    private final Loop loop;

    ShadowWatch(
            Database database,
            Aliases aliases,
            ShadowMoves moves,
            ShadowStateMetrics metrics,
            Loops loops) {
        this.database = database;
        this.aliases = aliases;
        this.moves = moves;
        this.metrics = metrics;
        this.loop = loops.loop("shadows", new EachSecond(this::look, metrics::unknown));
    }

    void start() {
        loop.start();
    }

    /** Looks at each shadow once. */
    void look() {
        List<Shadow> running = database.transaction(ShadowTable::running);
        metrics.running(running.size());
        for (Shadow shadow : running) {
            database.transaction(tx ->
                            ShadowTable.lock(tx, shadow.id())
                                    .filter(Shadow::isRunning)
                                    .flatMap(locked -> judge(tx, locked)))
                    .ifPresent(moves::tell);
            loop.goesOn();
        }
    }

    private Optional<Shadow> judge(JdbcClient tx, Shadow shadow) {
        if (!leadsTo(aliases.find(tx, shadow.alias()), shadow.from())) {
            return stop(tx, shadow, "the alias does not lead to " + shadow.from() + " any more");
        }
        RolledVersion to = shadow.to();
        if (!aliases.isReady(tx, shadow.alias().tenant(), to.adapter(), to.version())) {
            return stop(tx, shadow, to + " is not Ready any more");
        }
        Criteria criteria = shadow.plan().judging().criteria();
        Optional<Finding> against =
                Finding.of(criteria, shadow.measures()).stream()
                        .filter(finding -> finding.isAgainst(criteria))
                        .findFirst();
        if (against.isPresent()) {
            return Optional.of(
                    moves.end(
                            tx,
                            Actor.CATALOG,
                            shadow,
                            Shadow.State.worse,
                            FindingReasons.against(criteria, shadow.from(), to, against.get()),
                            against.get().bound()));
        }
        if (!moves.now().isBefore(shadow.ends())) {
            return done(tx, shadow, "its time is over");
        }
        return isSpent(shadow) ? done(tx, shadow, "its tokens are used") : Optional.empty();
    }

    /** True if an alias leads to that version alone. */
    static boolean leadsTo(Optional<Alias> alias, RolledVersion version) {
        List<AliasTarget> targets = alias.map(Alias::targets).orElse(List.of());
        return targets.size() == 1
                && targets.getFirst().adapter().equals(version.adapter())
                && targets.getFirst().version() == version.version();
    }

    /**
     * True if all tokens are granted, at most a tenth of them is unused, and a gateway had too few
     * for a copy. If more than a tenth is unused, since gateways have ended with their grants or a
     * copy needs more than that, the shadow goes on without copies until its time is over.
     */
    private static boolean isSpent(Shadow shadow) {
        long most = shadow.plan().copying().maxTokens();
        return shadow.figures().count(CopyOutcome.noTokens) > 0
                && shadow.granted() >= most
                && shadow.figures().tokens() >= most - most / 10;
    }

    private Optional<Shadow> stop(JdbcClient tx, Shadow shadow, String reason) {
        return Optional.of(
                moves.end(tx, Actor.CATALOG, shadow, Shadow.State.stopped, reason, null));
    }

    private Optional<Shadow> done(JdbcClient tx, Shadow shadow, String reason) {
        return Optional.of(moves.end(tx, Actor.CATALOG, shadow, Shadow.State.done, reason, null));
    }

    @Override
    public void close() {
        loop.close();
    }
}
