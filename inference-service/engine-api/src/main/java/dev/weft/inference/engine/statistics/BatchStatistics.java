package dev.weft.inference.engine.statistics;

import java.util.Map;
import java.util.Optional;

/**
 * What an engine counts of the batches that it forms.
 *
 * @param mixedSteps forward passes whose rows used more than one adapter (the base counts as one)
 * @param prefillTokens of prompts, computed by steps; again where a request had to start over
 * @param decodeTokens of answers, computed by steps
 * @param evictedBlocks blocks of the KV cache whose contents gave way to others
 * @param preemptions times that a running request gave up its place in the KV cache to start over
 * @param measured what it takes a clock to know; empty where that is switched off
 */
public record BatchStatistics(
        long mixedSteps,
        long prefillTokens,
        long decodeTokens,
        long evictedBlocks,
        long preemptions,
        Optional<Measured> measured) {

    /**
     * Times and sizes of steps.
     *
     * @param seconds of a step, sampling and telling the listeners included
     * @param rows requests in a step
     * @param phaseSeconds wall time of all steps by what it went into; every phase has a value, and
     *     together they are the sum of {@code seconds}
     * @param idleCpuSeconds that the engine's threads were awake while no step ran, of all threads
     */
    public record Measured(
            Histogram.Snapshot seconds,
            Histogram.Snapshot rows,
            Map<StepPhase, Double> phaseSeconds,
            double idleCpuSeconds) {
        public Measured {
            phaseSeconds = Map.copyOf(phaseSeconds);
        }
    }
}
