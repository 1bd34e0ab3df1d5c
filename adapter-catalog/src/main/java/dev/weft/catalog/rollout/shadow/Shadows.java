package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.alias.Alias;
import dev.weft.catalog.alias.Aliases;
import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.database.Database;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.ConflictException;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.fault.TenantRoom;
import dev.weft.catalog.rollout.compare.Comparison;
import dev.weft.catalog.rollout.compare.ListPage;
import dev.weft.catalog.rollout.judge.Finding;
import dev.weft.catalog.rollout.judge.FindingReasons;
import dev.weft.catalog.rollout.judge.RolledVersion;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.shadow.ShadowDemand;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Serves people's requests for shadows. A change and the entry in the audit log are one
 * transaction. Calls block. Any thread.
 */
final class Shadows {
    private final Database database;
    private final Aliases aliases;
    private final ShadowMoves moves;
    private final TenantRoom room;

    Shadows(Database database, Aliases aliases, ShadowMoves moves, TenantRoom room) {
        this.database = database;
        this.aliases = aliases;
        this.moves = moves;
        this.room = room;
    }

    /**
     * A shadow with what its figures say.
     *
     * @param waitsFor null if it has ended
     */
    record Shown(Shadow shadow, List<Finding> findings, @Nullable String waitsFor) {
        /** True if there are enough observations and none of the bounds is found broken. */
        boolean isWithinBounds() {
            return shadow.progress().state() != Shadow.State.worse
                    && findings.stream().allMatch(Finding::isEnough);
        }
    }

    /**
     * Begins a shadow.
     *
     * @throws NotFoundException if there is no such alias
     * @throws BadRequestException if the candidate is not Ready, or is what the alias leads to
     * @throws ConflictException if the alias leads to several versions or has a shadow already, or
     *     too many run, of its tenant or of all
     */
    Shown start(Actor actor, AdapterId alias, RolledVersion to, ShadowPlan plan) {
        Shadow started =
                database.transaction(tx -> {
                    Optional<Alias> found = aliases.lock(tx, alias);
                    checkRoom(tx, alias);
                    RolledVersion from = served(alias, found);
                    if (from.equals(to)) {
                        throw fault(to, "another version than the alias leads to");
                    }
                    if (!aliases.isReady(tx, alias.tenant(), to.adapter(), to.version())) {
                        throw fault(to, "a version of the alias's tenant that is Ready");
                    }
                    Instant now = moves.now();
                    return moves.start(
                            tx,
                            actor,
                            new Shadow(
                                    0,
                                    new Comparison(alias, from, to, actor.name(), now),
                                    plan,
                                    Shadow.Progress.RUNNING,
                                    Shadow.Copied.NOTHING,
                                    now.plusSeconds(plan.copying().seconds())));
                });
        moves.tell(started);
        return show(started);
    }

    private void checkRoom(JdbcClient tx, AdapterId alias) {
        List<Shadow> running = ShadowTable.running(tx);
        for (Shadow other : running) {
            if (other.alias().equals(alias)) {
                throw new ConflictException(
                        "alias '" + alias.name() + "' has shadow " + other.id() + " already");
            }
        }
        String tenant = alias.tenant();
        room.check(
                tenant,
                (int)
                        running.stream()
                                .filter(other -> other.alias().tenant().equals(tenant))
                                .count());
        if (running.size() >= ShadowDemand.MOST) {
            throw new ConflictException(running.size() + " shadows run, which are as many as may");
        }
    }

    private static RolledVersion served(AdapterId alias, Optional<Alias> found) {
        return RolledVersion.only(
                found.orElseThrow(
                        () -> new NotFoundException("there is no alias '" + alias.name() + "'")),
                "a shadow needs one to compare with");
    }

    /**
     * A shadow of a tenant.
     *
     * @throws NotFoundException if there is none
     */
    Shown find(String tenant, long id) {
        return show(
                database.transaction(tx -> ShadowTable.find(tx, tenant, id))
                        .orElseThrow(() -> unknown(id)));
    }

    /** Shadows of a page, and one more if there is one. */
    List<Shown> list(ListPage page) {
        return database.transaction(tx -> ShadowTable.page(tx, page)).stream()
                .map(this::show)
                .toList();
    }

    /**
     * Ends a shadow: gateways copy no more requests, a second later at the latest.
     *
     * @throws ConflictException if it has ended
     */
    Shown end(Actor actor, String tenant, long id) {
        Shadow ended =
                database.transaction(tx -> {
                    Shadow shadow =
                            ShadowTable.lock(tx, id)
                                    .filter(found -> found.alias().tenant().equals(tenant))
                                    .orElseThrow(() -> unknown(id));
                    if (!shadow.isRunning()) {
                        throw new ConflictException(
                                "shadow " + id + " is " + shadow.progress().state());
                    }
                    String reason = "ended by " + actor.name();
                    return moves.end(tx, actor, shadow, Shadow.State.ended, reason, null);
                });
        moves.tell(ended);
        return show(ended);
    }

    private Shown show(Shadow shadow) {
        List<Finding> findings = Finding.of(shadow.plan().judging().criteria(), shadow.measures());
        return new Shown(shadow, findings, waitsFor(shadow, findings));
    }

    private static @Nullable String waitsFor(Shadow shadow, List<Finding> findings) {
        if (!shadow.isRunning()) {
            return null;
        }
        List<String> missing = FindingReasons.missing(shadow.from(), shadow.to(), findings);
        missing.addFirst("its end at " + shadow.ends().truncatedTo(ChronoUnit.SECONDS));
        return String.join(", ", missing);
    }

    private static NotFoundException unknown(long id) {
        return new NotFoundException("there is no shadow " + id);
    }

    private static BadRequestException fault(RolledVersion to, String allowed) {
        return BadRequestException.of("to", to.toString(), allowed);
    }
}
