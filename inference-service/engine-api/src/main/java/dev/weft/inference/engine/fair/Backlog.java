package dev.weft.inference.engine.fair;

import dev.weft.inference.engine.EngineException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many requests of each tenant run or wait, and how many may. Any thread. */
public final class Backlog {
    private final int most;
    private final int maxQueue;
    private final ConcurrentMap<String, Integer> byTenant = new ConcurrentHashMap<>();

    /**
     * A backlog without requests.
     *
     * @param places that requests run in
     * @param maxQueue requests that may wait
     */
    public Backlog(int places, int maxQueue) {
        this.most = places + maxQueue;
        this.maxQueue = maxQueue;
    }

    /**
     * The most requests that may run and wait. It holds for one tenant, and for all tenants
     * together; the queue's owner enforces the latter.
     */
    public int most() {
        return most;
    }

    /**
     * Adds a request.
     *
     * @throws EngineException if the tenant has too many: {@code OVERLOADED} if no other tenant has
     *     any, else {@code OVER_SHARE}
     */
    public void enter(String tenant) {
        byTenant.compute(
                tenant,
                (_, count) -> {
                    int before = count == null ? 0 : count;
                    if (before >= most) {
                        throw byTenant.size() == 1 ? full() : overShare();
                    }
                    return before + 1;
                });
    }

    /** Removes a request. */
    public void leave(String tenant) {
        byTenant.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
    }

    /** Requests of all tenants that run or wait. */
    public int requests() {
        return byTenant.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The error of a request that may not wait because its tenant has the most requests. */
    public EngineException overShare() {
        return new EngineException(
                EngineException.Cause.OVER_SHARE,
                "most of the "
                        + maxQueue
                        + " requests that may wait are yours; others' requests come first: send"
                        + " more when some of yours have ended");
    }

    private EngineException full() {
        return new EngineException(
                EngineException.Cause.OVERLOADED, maxQueue + " requests wait already");
    }
}
