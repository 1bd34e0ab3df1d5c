package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.database.Database;
import dev.weft.protocol.rollout.MeasureReport;
import dev.weft.protocol.shadow.ShadowDemand;
import dev.weft.protocol.shadow.ShadowOrder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Serves gateways' requests for shadows: gives them orders with tokens, and books their figures.
 * Calls block. Any thread.
 */
public final class ShadowBooks {
    /**
     * Figures that come within this time after a shadow's end count: their copies were under way.
     */
    private static final Duration LATE = Duration.ofMinutes(5);

    private final Database database;
    private final Clock clock;

    public ShadowBooks(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Adds what gateways have measured, within the transaction that has found the report to be new.
     * Figures of shadows that have ended long ago, or are unknown, are ignored.
     */
    public void add(JdbcClient tx, List<MeasureReport.Shadow> shadows) {
        // in the order of ids, so that transactions do not wait for each other
        shadows.stream()
                .sorted(Comparator.comparingLong(MeasureReport.Shadow::id))
                .forEach(each ->
                        ShadowTable.lock(tx, each.id())
                                .filter(this::takesFigures)
                                .ifPresent(shadow ->
                                        ShadowTable.figures(
                                                tx,
                                                shadow.id(),
                                                shadow.figures().plus(each.figures()))));
    }

    private boolean takesFigures(Shadow shadow) {
        Instant ended = shadow.progress().ended();
        return ended == null || clock.instant().isBefore(ended.plus(LATE));
    }

    /** The shadows that run, with the tokens that this run of a gateway may use. */
    List<ShadowOrder> orders(ShadowDemand demand) {
        return database.transaction(tx -> {
            List<ShadowOrder> orders = new ArrayList<>();
            for (Shadow running : ShadowTable.running(tx)) {
                order(tx, demand, running).ifPresent(orders::add);
            }
            return orders;
        });
    }

    private Optional<ShadowOrder> order(JdbcClient tx, ShadowDemand demand, Shadow shadow) {
        Duration left = Duration.between(clock.instant(), shadow.ends());
        if (!left.isPositive()) {
            return Optional.empty();
        }
        return Optional.of(
                new ShadowOrder(
                        shadow.id(),
                        shadow.alias(),
                        new ShadowOrder.Version(shadow.from().adapter(), shadow.from().version()),
                        new ShadowOrder.Version(shadow.to().adapter(), shadow.to().version()),
                        new ShadowOrder.Bounds(
                                shadow.plan().copying().share(),
                                shadow.plan().copying().concurrent(),
                                granted(tx, demand, shadow)),
                        left));
    }

    /**
     * Grants the tokens that a gateway asks for, or those that are left; returns all that it has. A
     * grant is never taken back.
     */
    private static long granted(JdbcClient tx, ShadowDemand demand, Shadow seen) {
        long before = GrantTable.read(tx, seen.id(), demand.instance());
        long wanted = demand.tokens().getOrDefault(seen.id(), 0L);
        if (wanted <= before || seen.granted() >= seen.plan().copying().maxTokens()) {
            return before;
        }
        Optional<Shadow> locked = ShadowTable.lock(tx, seen.id()).filter(Shadow::isRunning);
        if (locked.isEmpty()) {
            return before;
        }
        Shadow shadow = locked.get();
        long left = Math.max(0, shadow.plan().copying().maxTokens() - shadow.granted());
        long more = Math.min(wanted - before, left);
        if (more > 0) {
            GrantTable.write(tx, shadow.id(), demand.instance(), before + more);
            ShadowTable.granted(tx, shadow.id(), shadow.granted() + more);
        }
        return before + more;
    }
}
