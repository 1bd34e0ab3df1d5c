package dev.weft.gateway.ahead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.RoutingConfiguration;
import dev.weft.gateway.routing.RoutingSettings;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.residency.Tier;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import dev.weft.settings.bind.TestSettings;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class AheadPlanTest {
    private static final String BASE = "base";
    private static final AdapterDigest MINE = new AdapterDigest("a".repeat(64));
    private static final AdapterDigest OTHER = new AdapterDigest("b".repeat(64));
    private static final URI HOLDER = URI.create("http://10.0.0.1:8082");
    private static final URI NEXT = URI.create("http://10.0.0.2:8082");

    private final AheadPlan plan = new AheadPlan(choice());

    private static WorkerChoice choice() {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(ServedBases.class, () -> ServedBases.of(BASE));
            context.registerBean(CatalogView.class);
            context.registerBean(RandomGenerator.class, () -> new Random(1));
            context.registerBean(
                    RoutingSettings.class, () -> TestSettings.of().get(RoutingSettings.class));
            context.register(RoutingConfiguration.class);
            context.refresh();
            return context.getBean(WorkerChoice.class);
        }
    }

    private static WorkerSnapshot worker(URI address, int requests, Map<AdapterDigest, Tier> held) {
        WorkerLoad load = new WorkerLoad(16, Math.min(16, requests), Map.of(), 1, 0, 0.01);
        return new WorkerSnapshot(
                address,
                true,
                Map.of(BASE, "x"),
                requests,
                Set.of(),
                ToldState.of(new WorkerState(false, 1, held, load), requests),
                1);
    }

    private static WorkerSnapshot holder(int requests) {
        return worker(HOLDER, requests, Map.of(MINE, Tier.SLOT));
    }

    private Optional<URI> next(int requests, WorkerSnapshot... workers) {
        Target.Adapter adapter =
                new Target.Adapter(
                        "a",
                        new ServedVersion(
                                AdapterId.of("a"),
                                1,
                                MINE,
                                new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 1),
                                "x",
                                Instant.EPOCH),
                        BASE);
        return plan.next(new AdapterDemand(adapter, Map.of(HOLDER, requests)), List.of(workers));
    }

    /** With room elsewhere requests move at a difference of 4. */
    @Test
    void loadsWhereTheNextRequestsWouldGo() {
        WorkerSnapshot room = worker(NEXT, 0, Map.of());
        assertThat(next(3, holder(3), room)).contains(NEXT);
    }

    @Test
    void anAdapterThatFewAskForStaysWhereItIs() {
        WorkerSnapshot room = worker(NEXT, 0, Map.of());
        assertThat(next(1, holder(16), room)).isEmpty();
        assertThat(next(2, holder(2), room)).isEmpty();
    }

    @Test
    void aSlotIsTakenFromAnotherAdapterOnlyBeforeAQueue() {
        WorkerSnapshot full = worker(NEXT, 0, Map.of(OTHER, Tier.SLOT));
        assertThat(next(5, holder(5), full)).isEmpty();
        assertThat(next(12, holder(12), full)).contains(NEXT);
    }

    @Test
    void aWorkerThatHasItIsNotAsked() {
        WorkerSnapshot idle = worker(NEXT, 0, Map.of(MINE, Tier.SLOT));
        assertThat(next(12, holder(12), idle)).isEmpty();
    }

    @Test
    void nobodyIsAskedWhereNobodyElseIsThere() {
        assertThat(next(30, holder(30))).isEmpty();
    }

    @Test
    void aWorkerThatTellsNothingIsNotAsked() {
        WorkerSnapshot silent = new WorkerSnapshot(NEXT, true, Map.of(BASE, "x"), 0);
        assertThat(next(12, holder(12), silent)).isEmpty();
    }
}
