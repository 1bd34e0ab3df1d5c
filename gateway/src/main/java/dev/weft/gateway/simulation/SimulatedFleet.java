package dev.weft.gateway.simulation;

import java.time.Duration;

/**
 * The fleet that is simulated.
 *
 * @param gateways each sees its own requests, and what workers tell
 * @param workers equal ones
 * @param adapters in all; each request uses one
 * @param worker what each worker is like
 */
public record SimulatedFleet(int gateways, int workers, int adapters, Worker worker) {
    /**
     * A worker.
     *
     * @param slots adapters that it holds at once
     * @param hosted adapters that its host memory holds
     * @param rows requests that it computes at once
     * @param times how long things take there
     */
    public record Worker(int slots, int hosted, int rows, Times times) {}

    /**
     * How long things take.
     *
     * @param cold until an adapter from disk or from the catalog is in its slot; one at a time
     * @param reload until one from host memory is in its slot
     * @param promptToken computing a token of a prompt
     * @param step the part of a step that does not depend on its rows
     * @param row the part that each row adds
     */
    public record Times(
            Duration cold, Duration reload, Duration promptToken, Duration step, Duration row) {
        /** Times of a GPU with a model of a few billion weights. */
        public static final Times DEFAULT =
                new Times(
                        Duration.ofMillis(400),
                        Duration.ofMillis(20),
                        Duration.ofNanos(100_000),
                        Duration.ofMillis(12),
                        Duration.ofNanos(300_000));

        /** A step with so many rows, in seconds. */
        double stepSeconds(int rows) {
            return Clockwork.seconds(step) + rows * Clockwork.seconds(row);
        }
    }
}
