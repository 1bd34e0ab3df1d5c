package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.random.RandomGenerator;

/**
 * Leaves out workers whose requests failed, and lets those that come back have a part of what they
 * would get.
 *
 * @param random must allow any thread
 */
record ReturningWorkers(RandomGenerator random) implements WorkerFilter {
    @Override
    public boolean admits(RoutingRequest request, WorkerSnapshot worker) {
        return worker.share() >= 1 || random.nextDouble() < worker.share();
    }
}
