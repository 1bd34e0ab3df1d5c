package dev.weft.gateway.simulation;

import dev.weft.gateway.ahead.AheadPlan;
import dev.weft.gateway.routing.RoutingConfiguration;
import dev.weft.gateway.routing.RoutingSettings;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The ways of routing that are compared, by name. Each gateway gets one of its own, by a seed. */
final class Policies {
    /** A worker takes at most this times the mean load before the next one of its ring is asked. */
    private static final double BOUND = 1.25;

    private Policies() {}

    static Map<String, LongFunction<RoutingPolicy>> all(
            SimulatedAdapters adapters, RoutingSettings weights) {
        Map<String, LongFunction<RoutingPolicy>> all = new LinkedHashMap<>();
        all.put("round robin", Policies::roundRobin);
        all.put("least requests", Policies::leastRequests);
        all.put("consistent hashing", _ -> Policies::hashed);
        all.put("weft, nothing ahead", seed -> new WeftPolicy(adapters, choice(weights, seed)));
        all.put("weft", seed -> weft(adapters, weights, seed));
        return all;
    }

    private static RoutingPolicy roundRobin(long seed) {
        int[] next = {new SplittableRandom(seed).nextInt(1 << 20)};
        return (_, view) -> Math.floorMod(next[0]++, view.workers());
    }

    private static RoutingPolicy leastRequests(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return (_, view) -> {
            int best = 0;
            int equals = 1;
            for (int worker = 1; worker < view.workers(); worker++) {
                int difference = view.inFlight(worker) - view.inFlight(best);
                if (difference < 0) {
                    best = worker;
                    equals = 1;
                } else if (difference == 0 && random.nextInt(++equals) == 0) {
                    best = worker;
                }
            }
            return best;
        };
    }

    /** Rendezvous hashing with bounded loads. */
    private static int hashed(SimulatedRequest request, GatewayView view) {
        int all = 0;
        for (int worker = 0; worker < view.workers(); worker++) {
            all += view.inFlight(worker);
        }
        double most = Math.ceil(BOUND * (all + 1) / view.workers());
        int best = -1;
        long bestHash = 0;
        for (int worker = 0; worker < view.workers(); worker++) {
            long hash = SimulatedAdapters.mix(request.adapter() * 1_000_003L + worker);
            boolean free = view.inFlight(worker) < most;
            if (free && (best < 0 || Long.compareUnsigned(hash, bestHash) > 0)) {
                best = worker;
                bestHash = hash;
            }
        }
        return Math.max(0, best);
    }

    private static RoutingPolicy weft(
            SimulatedAdapters adapters, RoutingSettings weights, long seed) {
        return new WeftPolicy.Ahead(
                new WeftPolicy(adapters, choice(weights, seed)),
                new AheadPlan(choice(weights, seed + 1_000)));
    }

    /** A choice of workers, wired as a gateway wires it. */
    private static WorkerChoice choice(RoutingSettings weights, long seed) {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(ServedBases.class, () -> ServedBases.of(GatewayView.BASE));
            context.registerBean(CatalogView.class);
            context.registerBean(RandomGenerator.class, () -> new SplittableRandom(seed));
            context.registerBean(RoutingSettings.class, () -> weights);
            context.register(RoutingConfiguration.class);
            context.refresh();
            return context.getBean(WorkerChoice.class);
        }
    }
}
