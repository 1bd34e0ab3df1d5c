package dev.weft.gateway.simulation;

import dev.weft.gateway.routing.RoutingSettings;
import dev.weft.gateway.worker.ToldState;
import dev.weft.protocol.adapter.AdapterDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Sends the same traffic through a fleet with each way of routing. The runs share nothing that
 * changes, so several go on at once, on a core each.
 */
public final class RoutingSimulation {
    /** How often workers tell their state. */
    private static final double TOLD = 0.1;

    /** How often gateways look what to load ahead. */
    private static final double AHEAD = 0.1;

    /** The part of the time in which caches fill, which is not counted. */
    private static final double UNCOUNTED = 0.2;

    private final SimulatedFleet fleet;
    private final Traffic traffic;
    private final RoutingSettings weights;
    private final SimulatedAdapters adapters;

    /**
     * The traffic.
     *
     * @param load part of what all rows could compute
     * @param exponent of Zipf's law, by which adapters are asked for
     * @param burst part of the requests that goes to one adapter for a minute, then to another one
     * @param promptTokens in the mean
     * @param answerTokens in the mean
     * @param length of the simulated time
     * @param seed equal seeds give equal traffic
     */
    public record Traffic(
            double load,
            double exponent,
            double burst,
            int promptTokens,
            int answerTokens,
            Duration length,
            long seed) {}

    public RoutingSimulation(SimulatedFleet fleet, Traffic traffic, RoutingSettings weights) {
        this.fleet = fleet;
        this.traffic = traffic;
        this.weights = weights;
        this.adapters = new SimulatedAdapters(fleet.adapters());
    }

    /** Requests of a second, in the mean. */
    public double requestsPerSecond() {
        SimulatedFleet.Worker worker = fleet.worker();
        double seconds =
                traffic.promptTokens * Clockwork.seconds(worker.times().promptToken())
                        + traffic.answerTokens * worker.times().stepSeconds(worker.rows());
        return traffic.load * fleet.workers() * worker.rows() / seconds;
    }

    /**
     * Runs all ways of routing, and tells each result in the caller's thread, always in the same
     * order.
     */
    public void run(Consumer<RoutingResult> results) {
        int cores = Runtime.getRuntime().availableProcessors();
        try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
            List<CompletableFuture<RoutingResult>> runs = new ArrayList<>();
            Policies.all(adapters, weights)
                    .forEach((name, policy) ->
                            runs.add(
                                    CompletableFuture.supplyAsync(
                                            () -> run(name, policy), threads)));
            runs.forEach(run -> results.accept(run.join()));
        }
    }

    private RoutingResult run(String name, LongFunction<RoutingPolicy> policy) {
        return new Run(policy).result(name);
    }

    /** One way of routing. */
    private final class Run {
        private final Clockwork clock = new Clockwork();
        private final SimulationOutcome outcome = new SimulationOutcome();
        private final SplittableRandom random = new SplittableRandom(traffic.seed + 1);
        private final List<SimulatedWorker> workers = new ArrayList<>();
        private final List<GatewayView> views = new ArrayList<>();
        private final List<RoutingPolicy> policies = new ArrayList<>();
        private final double end = Clockwork.seconds(traffic.length);
        private final SimulatedTraffic requests =
                new SimulatedTraffic(
                        new SimulatedTraffic.Shape(
                                requestsPerSecond(),
                                traffic.exponent,
                                traffic.burst,
                                traffic.promptTokens,
                                traffic.answerTokens),
                        adapters.count(),
                        traffic.seed);

        private Run(LongFunction<RoutingPolicy> policy) {
            for (int worker = 0; worker < fleet.workers(); worker++) {
                workers.add(new SimulatedWorker(fleet.worker(), clock, outcome));
            }
            for (int gateway = 0; gateway < fleet.gateways(); gateway++) {
                views.add(new GatewayView(fleet.workers()));
                policies.add(policy.apply(traffic.seed + 2 + gateway));
            }
        }

        private RoutingResult result(String name) {
            clock.at(UNCOUNTED * end, outcome::begin);
            if (policies.stream().anyMatch(RoutingPolicy::asksForStates)) {
                clock.at(0, this::tell);
            }
            clock.at(AHEAD, this::loadAhead);
            arrive(requests.next());
            while (clock.next()) {
                // each event plans those that follow from it
            }
            return outcome.result(name);
        }

        private void arrive(SimulatedRequest request) {
            if (request.arrival() < end) {
                clock.at(
                        request.arrival(),
                        () -> {
                            route(request);
                            arrive(requests.next());
                        });
            }
        }

        private void route(SimulatedRequest request) {
            int gateway = random.nextInt(views.size());
            GatewayView view = views.get(gateway);
            int worker = policies.get(gateway).choose(request, view);
            AdapterDigest digest = adapters.digest(request.adapter());
            view.given(worker, digest);
            workers.get(worker).take(request, () -> view.ended(worker, digest));
        }

        private void loadAhead() {
            for (int gateway = 0; gateway < views.size(); gateway++) {
                policies.get(gateway)
                        .ahead(
                                views.get(gateway),
                                (digest, worker) ->
                                        workers.get(worker).loadAhead(adapters.number(digest)));
            }
            if (clock.now() < end) {
                clock.after(AHEAD, this::loadAhead);
            }
        }

        private void tell() {
            for (int worker = 0; worker < workers.size(); worker++) {
                tell(worker);
            }
            if (clock.now() < end) {
                clock.after(TOLD, this::tell);
            }
        }

        private void tell(int worker) {
            workers.get(worker)
                    .news(adapters)
                    .map(state -> ToldState.of(state, 0))
                    .ifPresent(state -> views.forEach(view -> view.told(worker, state)));
        }
    }
}
