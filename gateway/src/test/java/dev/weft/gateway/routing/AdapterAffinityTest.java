package dev.weft.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdapterAffinityTest {
    private static final WorkerLoad IDLE = new WorkerLoad(16, 0, Map.of(), 0, 0, 0);

    private final Random random = new Random(3);

    /** Whatever the number of workers, with stale ones among them and some listed twice. */
    @Test
    void aWorkersScoreHalvesWithEachFreshOneBeforeIt() {
        for (int round = 0; round < 200; round++) {
            AdapterDigest digest = new AdapterDigest("%064x".formatted(random.nextLong()));
            List<WorkerSnapshot> workers =
                    IntStream.range(0, random.nextInt(150)).mapToObj(_ -> worker()).toList();
            assertThat(new AdapterAffinity(1).scores(RoutingRequest.to(target(digest)), workers))
                    .containsExactly(
                            workers.stream()
                                    .mapToDouble(worker -> score(worker, digest, workers))
                                    .toArray());
        }
    }

    private static double score(
            WorkerSnapshot worker, AdapterDigest digest, List<WorkerSnapshot> workers) {
        Rendezvous order = Rendezvous.of(digest);
        long before =
                workers.stream()
                        .filter(other -> !other.isStale())
                        .filter(other ->
                                order.place(other.address()) < order.place(worker.address()))
                        .count();
        return worker.isStale() ? 0 : Math.scalb(1.0, -(int) before);
    }

    private WorkerSnapshot worker() {
        ToldState told = ToldState.of(new WorkerState(false, 4, Map.of(), IDLE), 0);
        return new WorkerSnapshot(
                URI.create("http://10.0.0." + random.nextInt(250) + ":8082"),
                true,
                Map.of("base", "x"),
                0,
                Set.of(),
                random.nextInt(5) == 0 ? told.old() : told,
                1);
    }

    private static Target target(AdapterDigest digest) {
        return new Target.Adapter(
                "a",
                new ServedVersion(
                        AdapterId.of("a"),
                        1,
                        digest,
                        new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 1),
                        "x",
                        Instant.EPOCH),
                "base");
    }
}
