package dev.weft.gateway.rollout.shadow;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.shadow.ShadowDemand;
import dev.weft.protocol.shadow.ShadowOrder;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The shadows that run. They all end if the catalog is silent for long, since nobody could end them
 * then. Any thread.
 */
final class Orders {
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final LongSupplier nanos;
    private volatile Map<AdapterId, TimedShadow> running = Map.of();

    /** A shadow and the moment of its end, on the clock of this gateway. */
    private record TimedShadow(RunningShadow shadow, long end) {}

    Orders(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes the catalog's orders. A known shadow keeps its account of used tokens. */
    void take(List<ShadowOrder> orders) {
        long now = nanos.getAsLong();
        Map<AdapterId, TimedShadow> next = new HashMap<>();
        for (ShadowOrder order : orders) {
            TimedShadow known = running.get(order.name());
            RunningShadow shadow =
                    known != null && known.shadow.id() == order.id()
                            ? known.shadow
                            : new RunningShadow(order);
            shadow.budget().granted(order.bounds().granted());
            Duration left = order.left().compareTo(SILENCE) < 0 ? order.left() : SILENCE;
            next.put(order.name(), new TimedShadow(shadow, now + left.toNanos()));
        }
        running = Map.copyOf(next);
    }

    boolean isEmpty() {
        return running.isEmpty();
    }

    /** The shadow of a name that a request is for, once it may use tokens. */
    Optional<RunningShadow> find(AdapterId name) {
        TimedShadow until = running.get(name);
        return until == null || until.end - nanos.getAsLong() <= 0 || !until.shadow.budget().need()
                ? Optional.empty()
                : Optional.of(until.shadow);
    }

    /**
     * The tokens that the catalog is to grant, by shadow. If more shadows run than one demand may
     * have, the later ones wait.
     */
    Map<Long, Long> wanted() {
        Map<Long, Long> wanted = new HashMap<>();
        running.values().stream()
                .sorted(Comparator.comparingLong(each -> each.shadow.id()))
                .limit(ShadowDemand.MOST)
                .forEach(each ->
                        wanted.put(
                                each.shadow.id(),
                                each.shadow
                                        .budget()
                                        .wanted(each.shadow.order().bounds().concurrent())));
        return wanted;
    }
}
