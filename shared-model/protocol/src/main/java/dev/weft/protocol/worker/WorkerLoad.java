package dev.weft.protocol.worker;

import java.util.Map;

/**
 * How busy a worker is.
 *
 * @param rows requests that its engine computes at once; 0 if that is not known
 * @param running choices of requests that hold a row
 * @param waiting choices without a row by tenant: they wait for their adapter, or in the queue
 * @param waitingRequests whose choices these are: a request may ask for many
 * @param rowSeconds how long a request has held a row of late, in the mean; 0 if nobody knows
 * @param kvUsage share of the KV cache in use, 0 to 1
 * @param stepSeconds mean duration of the steps of the last moments; 0 if there were none, or they
 *     are not measured
 */
public record WorkerLoad(
        int rows,
        int running,
        Map<String, Integer> waiting,
        int waitingRequests,
        double rowSeconds,
        double kvUsage,
        double stepSeconds) {
    public WorkerLoad {
        atLeastZero("rows", rows);
        atLeastZero("waitingRequests", waitingRequests);
        atLeastZero("running", running);
        atLeastZero("rowSeconds", rowSeconds);
        atLeastZero("kvUsage", kvUsage);
        atLeastZero("stepSeconds", stepSeconds);
        waiting.forEach((tenant, count) -> atLeastZero("waiting of " + tenant, count));
        waiting = Map.copyOf(waiting);
    }

    /** A worker at which every waiting choice is a request of its own. */
    public WorkerLoad(
            int rows,
            int running,
            Map<String, Integer> waiting,
            double rowSeconds,
            double kvUsage,
            double stepSeconds) {
        this(rows, running, waiting, sum(waiting), rowSeconds, kvUsage, stepSeconds);
    }

    /** All choices that it has. */
    public int requests() {
        return running + sum(waiting);
    }

    /**
     * What counts when others ask whether it is full: who waits there with many choices takes one
     * place, since the worker lets its tenants take turns.
     */
    public int occupied() {
        return running + waitingRequests;
    }

    private static int sum(Map<String, Integer> waiting) {
        return waiting.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static void atLeastZero(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " " + value + ": allowed is 0 or more");
        }
    }
}
