package dev.weft.protocol.worker;

import java.util.Map;

/**
 * How busy a worker is.
 *
 * @param rows requests that its engine computes at once; 0 if that is not known
 * @param holders choices of requests that hold a row
 * @param queue choices without a row
 * @param rowSeconds mean time that recent requests held a row; 0 if it is not known
 * @param kvUsage share of the KV cache in use, 0 to 1
 * @param stepSeconds mean duration of the steps of the last moments; 0 if there were none, or they
 *     are not measured
 */
public record WorkerLoad(
        int rows,
        Holders holders,
        Queue queue,
        double rowSeconds,
        double kvUsage,
        double stepSeconds) {
    public WorkerLoad {
        atLeastZero("rows", rows);
        atLeastZero("rowSeconds", rowSeconds);
        atLeastZero("kvUsage", kvUsage);
        atLeastZero("stepSeconds", stepSeconds);
    }

    /**
     * The load of a worker that does not say whose choices hold its rows; each waiting choice
     * counts as a request.
     */
    public WorkerLoad(
            int rows,
            int running,
            Map<String, Integer> waiting,
            double rowSeconds,
            double kvUsage,
            double stepSeconds) {
        this(
                rows,
                new Holders(running, Map.of()),
                new Queue(waiting, sum(waiting)),
                rowSeconds,
                kvUsage,
                stepSeconds);
    }

    /**
     * Choices that hold a row.
     *
     * @param choices by the engine's count
     * @param byTenant choices of requests that are under way. A choice whose row was taken back for
     *     a while, or is just being given back, may count too. Empty if the worker does not say
     */
    public record Holders(int choices, Map<String, Integer> byTenant) {
        public Holders {
            atLeastZero("running", choices);
            byTenant = counts("runningByTenant", byTenant);
        }
    }

    /**
     * Choices that wait for their adapter, or in the engine's queue.
     *
     * @param byTenant choices
     * @param requests whose choices these are: a request may ask for many
     */
    public record Queue(Map<String, Integer> byTenant, int requests) {
        public Queue {
            byTenant = counts("waiting", byTenant);
            atLeastZero("waitingRequests", requests);
        }
    }

    /** Choices that hold a row. */
    public int running() {
        return holders.choices;
    }

    /** Choices without a row by tenant. */
    public Map<String, Integer> waiting() {
        return queue.byTenant;
    }

    /** Requests with choices that have no row. */
    public int waitingRequests() {
        return queue.requests;
    }

    /** All choices that it has. */
    public int requests() {
        return running() + sum(waiting());
    }

    /**
     * How full the worker is: its running choices and its waiting requests. A request that waits
     * with many choices counts once, since the worker lets its tenants take turns.
     */
    public int occupied() {
        return running() + waitingRequests();
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Map<String, Integer> counts(String name, Map<String, Integer> counts) {
        counts.forEach((tenant, count) -> atLeastZero(name + " of " + tenant, count));
        return Map.copyOf(counts);
    }

    private static void atLeastZero(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " " + value + ": allowed is 0 or more");
        }
    }
}
