package dev.weft.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.routing.prefix.PrefixChain;
import dev.weft.gateway.routing.prefix.PrefixMemory;
import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.residency.Tier;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import dev.weft.settings.bind.TestSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Choices among workers that tell what they hold and do. */
class TruthfulChoiceTest {
    private static final RoutingSettings WEIGHTS = TestSettings.of().get(RoutingSettings.class);

    private static final AdapterDigest MINE = new AdapterDigest("a".repeat(64));
    private static final AdapterDigest OTHER = new AdapterDigest("b".repeat(64));
    private static final WorkerLoad IDLE = load(0, 0, 0, 0);

    private final PrefixMemory memory = new PrefixMemory();
    private final WorkerChoice choice =
            new WorkerChoice(
                    List.of(),
                    List.of(
                            new ResidencyScore(WEIGHTS.residencyWeight()),
                            new QueueScore(WEIGHTS.queueWeight()),
                            new LoadScore(WEIGHTS.loadWeight()),
                            new KvScore(WEIGHTS.kvWeight()),
                            new PrefixScore(WEIGHTS.prefixWeight(), memory),
                            new AdapterAffinity(WEIGHTS.affinityWeight())),
                    new Random(1));

    private static WorkerLoad load(int running, int waiting, double rowSeconds, double kv) {
        return new WorkerLoad(16, running, Map.of("t", waiting), rowSeconds, kv, 0.01);
    }

    private static WorkerSnapshot worker(
            int port, int slots, Map<AdapterDigest, Tier> held, WorkerLoad load) {
        return worker(port, ToldState.of(new WorkerState(false, slots, held, load), 0));
    }

    private static WorkerSnapshot worker(int port, @Nullable ToldState told) {
        return new WorkerSnapshot(
                URI.create("http://10.0.0." + port + ":8082"),
                true,
                Map.of("base", "x"),
                0,
                Set.of(),
                told,
                1);
    }

    private RoutingDecision choose(WorkerSnapshot... workers) {
        return choose(PrefixChain.NONE, workers);
    }

    private RoutingDecision choose(PrefixChain prefix, WorkerSnapshot... workers) {
        return choice.choose(new RoutingRequest(target(), "", Set.of(), prefix), List.of(workers))
                .orElseThrow();
    }

    private static Target target() {
        return new Target.Adapter(
                "a",
                new ServedVersion(
                        AdapterId.of("a"),
                        1,
                        MINE,
                        new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 1),
                        "x",
                        Instant.EPOCH),
                "base");
    }

    /** Whatever the adapter's place by its digest is. */
    @Test
    void prefersTheFasterPlaceOfTheAdapter() {
        Map<AdapterDigest, Tier> full = Map.of(OTHER, Tier.SLOT);
        for (int port = 1; port < 20; port++) {
            WorkerSnapshot inSlot = worker(port, 1, Map.of(MINE, Tier.SLOT), IDLE);
            WorkerSnapshot room = worker(20 + port, 1, Map.of(), IDLE);
            WorkerSnapshot inHost =
                    worker(40 + port, 1, Map.of(OTHER, Tier.SLOT, MINE, Tier.HOST), IDLE);
            WorkerSnapshot evicts = worker(60 + port, 1, full, IDLE);
            RoutingDecision decision = choose(evicts, inHost, room, inSlot);
            assertThat(decision.worker()).isEqualTo(inSlot);
            assertThat(decision.reason()).isEqualTo(RoutingDecision.Reason.RESIDENCY);
            assertThat(decision.scores())
                    .containsEntry(RoutingDecision.Reason.RESIDENCY, 1.0)
                    .containsEntry(RoutingDecision.Reason.AFFINITY, 0.0);
        }
    }

    @Test
    void residencyIsANumberForEachPlace() {
        RoutingRequest request = RoutingRequest.to(target());
        assertThat(
                        new ResidencyScore(1)
                                .scores(
                                        request,
                                        List.of(
                                                worker(1, 1, Map.of(MINE, Tier.SLOT), IDLE),
                                                worker(2, 1, Map.of(), IDLE),
                                                worker(
                                                        3,
                                                        1,
                                                        Map.of(OTHER, Tier.SLOT, MINE, Tier.HOST),
                                                        IDLE),
                                                worker(4, 1, Map.of(OTHER, Tier.SLOT), IDLE),
                                                worker(5, null),
                                                staleHolder(6))))
                .containsExactly(1, 0.8, 0.6, 0, 0, 0);
    }

    /** A worker with a request for the adapter, which has told nothing for long. */
    private static WorkerSnapshot staleHolder(int port) {
        WorkerState state = new WorkerState(false, 4, Map.of(MINE, Tier.SLOT), IDLE);
        return new WorkerSnapshot(
                URI.create("http://10.0.0." + port + ":8082"),
                true,
                Map.of("base", "x"),
                1,
                Set.of(MINE),
                ToldState.of(state, 0).old(),
                1);
    }

    @Test
    void aColdAdapterGoesWhereThereIsRoom() {
        WorkerSnapshot room = worker(1, 2, Map.of(OTHER, Tier.SLOT), IDLE);
        WorkerSnapshot full = worker(2, 1, Map.of(OTHER, Tier.SLOT), IDLE);
        assertThat(choose(full, room).worker()).isEqualTo(room);
    }

    @Test
    void anAdapterSpreadsOnceItsWorkerIsBusy() {
        WorkerSnapshot room = worker(2, 2, Map.of(OTHER, Tier.SLOT), IDLE);
        WorkerSnapshot quiet = worker(1, 2, Map.of(MINE, Tier.SLOT), load(2, 0, 0, 0));
        WorkerSnapshot busy = worker(1, 2, Map.of(MINE, Tier.SLOT), load(8, 0, 0, 0));
        assertThat(choose(quiet, room).worker()).isEqualTo(quiet);
        assertThat(choose(busy, room).worker()).isEqualTo(room);
        assertThat(choose(busy, room).reason()).isEqualTo(RoutingDecision.Reason.LOAD);
    }

    @Test
    void evictsAnotherAdapterOnlyIfTheWorkerHasAQueue() {
        WorkerSnapshot full = worker(2, 1, Map.of(OTHER, Tier.SLOT), IDLE);
        WorkerSnapshot busy = worker(1, 1, Map.of(MINE, Tier.SLOT), load(12, 0, 0, 0));
        WorkerSnapshot queued = worker(1, 1, Map.of(MINE, Tier.SLOT), load(16, 4, 1, 0.9));
        assertThat(choose(busy, full).worker()).isEqualTo(busy);
        assertThat(choose(queued, full).worker()).isEqualTo(full);
    }

    @Test
    void aStaleStateCountsAsFull() {
        WorkerState state = new WorkerState(false, 4, Map.of(MINE, Tier.SLOT), IDLE);
        WorkerSnapshot stale = worker(1, ToldState.of(state, 0).old());
        WorkerSnapshot fresh = worker(2, 1, Map.of(OTHER, Tier.SLOT), load(8, 0, 0, 0.5));
        assertThat(choose(stale, fresh).worker()).isEqualTo(fresh);
        assertThat(choose(stale).reason()).isEqualTo(RoutingDecision.Reason.ONLY);
    }

    /** Neither the conversation nor the requests that it has keep an adapter there. */
    @Test
    void aStaleStateCountsAsFullWhateverIsKnownFromBefore() {
        WorkerSnapshot fresh = worker(2, 1, Map.of(OTHER, Tier.SLOT), load(8, 0, 0, 0.5));
        PrefixChain prefix = chain("x".repeat(2_000));
        memory.keep(prefix, staleHolder(1).address());
        RoutingRequest request = new RoutingRequest(target(), "", Set.of(), prefix);
        assertThat(new PrefixScore(1, memory).scores(request, List.of(staleHolder(1), fresh)))
                .containsExactly(0, 0);
        assertThat(choose(prefix, staleHolder(1), fresh).worker()).isEqualTo(fresh);
        assertThat(choose(staleHolder(1), fresh).worker()).isEqualTo(fresh);
    }

    /** Else it would beat a worker that would have to evict another adapter and has a queue. */
    @Test
    void aStaleWorkerIsNoPlaceForAnAdapter() {
        WorkerSnapshot evicts = worker(2, 1, Map.of(OTHER, Tier.SLOT), load(16, 40, 8, 1));
        for (int port = 10; port < 30; port++) {
            WorkerSnapshot stale =
                    worker(port, ToldState.of(new WorkerState(false, 4, Map.of(), IDLE), 0).old());
            assertThat(
                            new AdapterAffinity(1)
                                    .scores(RoutingRequest.to(target()), List.of(stale, evicts)))
                    .containsExactly(0, 1);
        }
    }

    /** Though all others have much to do, too. */
    @Test
    void aBurstLeavesTheWorkerThatHasAQueue() {
        WorkerSnapshot queued = worker(1, 1, Map.of(MINE, Tier.SLOT), load(16, 24, 6, 1));
        WorkerSnapshot busy = worker(2, 1, Map.of(OTHER, Tier.SLOT), load(12, 0, 0, 0.75));
        RoutingDecision decision = choose(queued, busy);
        assertThat(decision.worker()).isEqualTo(busy);
        assertThat(decision.reason()).isEqualTo(RoutingDecision.Reason.QUEUE);
    }

    @Test
    void avoidsAFullCache() {
        WorkerSnapshot full = worker(1, 2, Map.of(MINE, Tier.SLOT), load(1, 0, 0, 0.95));
        WorkerSnapshot empty = worker(2, 2, Map.of(MINE, Tier.SLOT), load(1, 0, 0, 0.1));
        RoutingDecision decision = choose(full, empty);
        assertThat(decision.worker()).isEqualTo(empty);
        assertThat(decision.reason()).isEqualTo(RoutingDecision.Reason.KV);
    }

    @Test
    void aConversationGoesOnWhereItBegan() {
        WorkerSnapshot one = worker(1, 2, Map.of(MINE, Tier.SLOT), load(3, 0, 0, 0));
        WorkerSnapshot two = worker(2, 2, Map.of(MINE, Tier.SLOT), load(1, 0, 0, 0));
        PrefixChain first = chain("x".repeat(2_000));
        PrefixChain next = chain("x".repeat(2_000) + "and what else?");
        assertThat(choose(first, one, two).worker()).isEqualTo(two);
        memory.keep(first, one.address());
        RoutingDecision decision = choose(next, one, two);
        assertThat(decision.worker()).isEqualTo(one);
        assertThat(decision.reason()).isEqualTo(RoutingDecision.Reason.PREFIX);
        assertThat(choose(chain("y".repeat(2_000)), one, two).worker()).isEqualTo(two);
    }

    private static PrefixChain chain(String body) {
        return PrefixChain.of("t", target(), body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void explainsItself() {
        WorkerSnapshot inSlot = worker(1, 1, Map.of(MINE, Tier.SLOT), load(4, 0, 0, 0.5));
        WorkerSnapshot evicts = worker(2, 1, Map.of(OTHER, Tier.SLOT), IDLE);
        assertThat(choose(inSlot, evicts).explained())
                .isEqualTo(
                        "http://10.0.0.1:8082 by residency of 2; residency=1.00 affinity=0.00"
                                + " prefix=0.00 queue=1.00 load=0.75 kv=0.50");
    }
}
