package dev.weft.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.prefix.PrefixChain;
import dev.weft.gateway.routing.prefix.PrefixMemory;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.settings.bind.TestSettings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class WorkerChoiceTest {
    private static final String BASE = "weft-tiny";
    private final WorkerChoice choice = choice(TestSettings.of().get(RoutingSettings.class));

    /** A choice as Spring wires it. */
    private static WorkerChoice choice(RoutingSettings weights) {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(ServedBases.class, () -> ServedBases.of(BASE));
            context.registerBean(CatalogView.class);
            context.registerBean(RandomGenerator.class, () -> new Random(1));
            context.registerBean(RoutingSettings.class, () -> weights);
            context.register(RoutingConfiguration.class);
            context.refresh();
            return context.getBean(WorkerChoice.class);
        }
    }

    @Test
    void nobodyIsChosenWhereNobodyIsReady() {
        assertThat(choose(base(), worker(1, false, BASE, 0))).isEmpty();
        assertThat(choose(base())).isEmpty();
    }

    @Test
    void leavesOutWorkersOfAnotherBaseAndThoseThatFailedTheRequest() {
        WorkerSnapshot other = worker(1, true, "another", 0);
        WorkerSnapshot tried = worker(2, true, BASE, 0);
        WorkerSnapshot fit = worker(3, true, BASE, 9);

        Optional<WorkerSnapshot> chosen =
                choice.choose(
                                new RoutingRequest(
                                        base(), "", Set.of(tried.address()), PrefixChain.NONE),
                                List.of(other, tried, fit))
                        .map(RoutingDecision::worker);
        assertThat(chosen).contains(fit);
    }

    @Test
    void aWorkerThatComesBackGetsItsShare() {
        Map<Double, Integer> taken = new HashMap<>();
        for (double share : new double[] {0, 0.3}) {
            WorkerSnapshot failed =
                    new WorkerSnapshot(
                            URI.create("http://10.0.0.1:8082"),
                            true,
                            Map.of(BASE, "x"),
                            0,
                            Set.of(),
                            null,
                            share);
            for (int i = 0; i < 1_000; i++) {
                if (choose(base(), failed, worker(2, true, BASE, 5))
                        .filter(failed::equals)
                        .isPresent()) {
                    taken.merge(share, 1, Integer::sum);
                }
            }
        }
        assertThat(taken).containsOnlyKeys(0.3);
        assertThat(taken.get(0.3)).isBetween(230, 370);
    }

    /** A retry that was decided on would else find nobody. */
    @Test
    void aWorkerThatComesBackGetsAllThatNobodyElseCanTake() {
        WorkerSnapshot back =
                new WorkerSnapshot(
                        URI.create("http://10.0.0.1:8082"),
                        true,
                        Map.of(BASE, "x"),
                        0,
                        Set.of(),
                        null,
                        0.1);
        for (int i = 0; i < 100; i++) {
            assertThat(choose(base(), back, worker(2, false, BASE, 0))).contains(back);
        }
    }

    @Test
    void theBaseGoesToTheWorkerWithTheFewestRequests() {
        WorkerSnapshot idle = worker(2, true, BASE, 1);
        assertThat(choose(base(), worker(1, true, BASE, 2), idle, worker(3, true, BASE, 30)))
                .contains(idle);
    }

    @Test
    void equalWorkersShareTheBase() {
        Set<URI> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            choose(base(), worker(1, true, BASE, 0), worker(2, true, BASE, 0))
                    .ifPresent(worker -> seen.add(worker.address()));
        }
        assertThat(seen).hasSize(2);
    }

    /** All gateways agree on it, so that they don't load the adapter at several workers. */
    @Test
    void equalWorkersAreTakenInTheOrderOfTheAdapter() {
        WorkerChoice byLoad = choice(weights(1, 0));
        Set<URI> all = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            RoutingRequest request = RoutingRequest.to(adapter(i));
            List<WorkerSnapshot> workers = List.of(workers(4, 3));
            RoutingDecision first = byLoad.choose(request, workers).orElseThrow();
            assertThat(first.reason()).isEqualTo(RoutingDecision.Reason.TIE);
            for (int again = 0; again < 10; again++) {
                assertThat(byLoad.choose(request, workers.reversed()))
                        .map(RoutingDecision::worker)
                        .contains(first.worker());
            }
            // the same that affinity would take
            assertThat(choose(adapter(i), workers(4, 3))).contains(first.worker());
            all.add(first.worker().address());
        }
        assertThat(all).hasSize(4);
    }

    @Test
    void anAdapterStaysOnOneWorkerWhileLoadIsEven() {
        WorkerSnapshot[] workers = workers(4, 0);
        URI first = choose(adapter(7), workers).orElseThrow().address();
        for (int load = 0; load < 20; load++) {
            assertThat(choose(adapter(7), workers(4, load)))
                    .map(WorkerSnapshot::address)
                    .contains(first);
        }
    }

    @Test
    void adaptersSpreadOverTheWorkers() {
        Map<URI, Integer> counts = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            counts.merge(
                    choose(adapter(i), workers(4, 0)).orElseThrow().address(), 1, Integer::sum);
        }
        assertThat(counts).hasSize(4);
        assertThat(counts.values()).allSatisfy(n -> assertThat(n).isBetween(180, 320));
    }

    @Test
    void aWorkerThatGoesMovesOnlyItsOwnAdapters() {
        WorkerSnapshot[] four = workers(4, 0);
        WorkerSnapshot[] three = workers(3, 0);
        for (int i = 0; i < 300; i++) {
            URI before = choose(adapter(i), four).orElseThrow().address();
            if (!before.equals(four[3].address())) {
                assertThat(choose(adapter(i), three)).map(WorkerSnapshot::address).contains(before);
            }
        }
    }

    @Test
    void anAdapterLeavesItsWorkerWhereThatHasMuchMoreToDo() {
        URI first = choose(adapter(7), workers(2, 0)).orElseThrow().address();
        for (int inFlight : new int[] {3, 6}) {
            Optional<URI> chosen =
                    choose(adapter(7), twoWithRequestsAt(first, inFlight))
                            .map(WorkerSnapshot::address);
            assertThat(chosen.orElseThrow().equals(first)).isEqualTo(inFlight == 3);
        }
    }

    @Test
    void saysWhatSetTheWorkerApart() {
        assertThat(reason(adapter(7), workers(1, 3))).isEqualTo(RoutingDecision.Reason.ONLY);
        assertThat(reason(base(), workers(2, 3))).isEqualTo(RoutingDecision.Reason.TIE);
        assertThat(reason(adapter(7), workers(4, 3))).isEqualTo(RoutingDecision.Reason.AFFINITY);
        assertThat(reason(base(), worker(1, true, BASE, 3), worker(2, true, BASE, 2)))
                .isEqualTo(RoutingDecision.Reason.LOAD);
        URI first = choose(adapter(7), workers(2, 0)).orElseThrow().address();
        assertThat(reason(adapter(7), twoWithRequestsAt(first, 16)))
                .isEqualTo(RoutingDecision.Reason.LOAD);
    }

    @Test
    void weightsSayWhatCounts() {
        URI first = choose(adapter(7), workers(2, 0)).orElseThrow().address();
        WorkerSnapshot[] busy = twoWithRequestsAt(first, 6);
        RoutingRequest request = RoutingRequest.to(adapter(7));

        assertThat(choice(weights(0.4, 0.4)).choose(request, List.of(busy)))
                .map(RoutingDecision::worker)
                .map(WorkerSnapshot::address)
                .contains(first);
        assertThat(choice(weights(1, 0)).choose(request, List.of(busy)))
                .map(RoutingDecision::reason)
                .contains(RoutingDecision.Reason.LOAD);
        assertThat(choice(weights(0, 1)).choose(request, List.of(busy)))
                .map(RoutingDecision::reason)
                .contains(RoutingDecision.Reason.AFFINITY);
    }

    private static RoutingSettings weights(double load, double affinity) {
        return new RoutingSettings(load, 0, 0, affinity, 0, 0, true, Duration.ZERO, false);
    }

    private RoutingDecision.Reason reason(Target target, WorkerSnapshot... workers) {
        return choice.choose(RoutingRequest.to(target), List.of(workers)).orElseThrow().reason();
    }

    @Test
    void scoresStayBetweenZeroAndOne() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            List<WorkerSnapshot> workers =
                    IntStream.range(0, 1 + random.nextInt(8))
                            .mapToObj(i -> worker(i, true, BASE, random.nextInt(100)))
                            .toList();
            RoutingRequest request =
                    RoutingRequest.to(random.nextBoolean() ? base() : adapter(round));
            for (WorkerScorer scorer :
                    List.of(
                            new LoadScore(1),
                            new QueueScore(1),
                            new AdapterAffinity(1),
                            new ResidencyScore(1),
                            new KvScore(1),
                            new PrefixScore(1, new PrefixMemory()))) {
                assertThat(scorer.scores(request, workers))
                        .hasSize(workers.size())
                        .satisfies(scores ->
                                assertThat(Arrays.stream(scores).boxed())
                                        .allSatisfy(
                                                score -> assertThat(score).isBetween(0.0, 1.0)));
            }
        }
    }

    private Optional<WorkerSnapshot> choose(Target target, WorkerSnapshot... workers) {
        return choice.choose(RoutingRequest.to(target), List.of(workers))
                .map(RoutingDecision::worker);
    }

    private static WorkerSnapshot[] workers(int count, int inFlight) {
        return IntStream.range(0, count)
                .mapToObj(i -> worker(i, true, BASE, inFlight))
                .toArray(WorkerSnapshot[]::new);
    }

    private static WorkerSnapshot[] twoWithRequestsAt(URI busy, int inFlight) {
        return Stream.of(workers(2, 0))
                .map(worker ->
                        new WorkerSnapshot(
                                worker.address(),
                                true,
                                worker.bases(),
                                worker.address().equals(busy) ? inFlight : 0))
                .toArray(WorkerSnapshot[]::new);
    }

    private static WorkerSnapshot worker(int port, boolean ready, String base, int inFlight) {
        return new WorkerSnapshot(
                URI.create("http://10.0.0." + port + ":8082"), ready, Map.of(base, "x"), inFlight);
    }

    private static Target base() {
        return new Target.Base(BASE);
    }

    private static Target adapter(int number) {
        return new Target.Adapter(
                "a" + number,
                new ServedVersion(
                        AdapterId.of("a" + number),
                        1,
                        new AdapterDigest("%064x".formatted(number)),
                        new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 1),
                        "x",
                        Instant.EPOCH),
                BASE);
    }
}
