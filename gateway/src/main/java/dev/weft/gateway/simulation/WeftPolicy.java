package dev.weft.gateway.simulation;

import dev.weft.gateway.ahead.AdapterDemand;
import dev.weft.gateway.ahead.AheadPlan;
import dev.weft.gateway.routing.RoutingRequest;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;
import java.util.function.ObjIntConsumer;

/** A gateway's own choice of workers. One thread. */
record WeftPolicy(SimulatedAdapters adapters, WorkerChoice choice) implements RoutingPolicy {
    @Override
    public int choose(SimulatedRequest request, GatewayView view) {
        return choice.choose(
                        RoutingRequest.to(adapters.target(request.adapter())), view.snapshots())
                .map(decision -> view.number(decision.worker().address()))
                .orElseThrow();
    }

    @Override
    public boolean asksForStates() {
        return true;
    }

    /** This policy with loads ahead of requests. */
    record Ahead(WeftPolicy requests, AheadPlan plan) implements RoutingPolicy {
        @Override
        public int choose(SimulatedRequest request, GatewayView view) {
            return requests.choose(request, view);
        }

        @Override
        public boolean asksForStates() {
            return true;
        }

        @Override
        public void ahead(GatewayView view, ObjIntConsumer<AdapterDigest> orders) {
            List<WorkerSnapshot> workers = view.snapshots();
            SimulatedAdapters adapters = requests.adapters;
            view.demand(AheadPlan.LEAST)
                    .forEach((digest, asked) ->
                            plan.next(
                                            new AdapterDemand(
                                                    adapters.target(adapters.number(digest)),
                                                    asked),
                                            workers)
                                    .ifPresent(
                                            worker -> orders.accept(digest, view.number(worker))));
        }
    }
}
