package dev.weft.inference.engine.statistics;

import java.util.Map;
import java.util.Optional;

/**
 * Counts of the batches that an engine forms.
 *
 * @param mixedSteps forward passes whose rows used more than one adapter (the base counts as one)
 * @param prefillTokens tokens of prompts that steps computed; counted again if a request had to
 *     start over
 * @param decodeTokens tokens of answers that steps computed
 * @param yielded what lost its place in the KV cache to others
 * @param masks of constrained answers
 * @param drafts guesses of tokens, and their verification
 * @param measured times and sizes of steps; empty if measuring is switched off
 */
public record BatchStatistics(
        long mixedSteps,
        long prefillTokens,
        long decodeTokens,
        Yielded yielded,
        Masks masks,
        Drafts drafts,
        Optional<Measured> measured) {
    /**
     * What lost its place in the KV cache to others.
     *
     * @param blocks blocks whose contents were evicted
     * @param requests times that a running request gave up its place to start over
     */
    public record Yielded(long blocks, long requests) {}

    /**
     * Masks of tokens. One is made if a constraint refuses a choice.
     *
     * @param seconds time of each mask, with the choice under it and without waiting
     * @param satOut steps that ran without a row because its mask was not ready, summed over rows
     */
    public record Masks(Histogram.Snapshot seconds, long satOut) {}

    /**
     * Guesses of the tokens that follow, verified by the step that computes the next one.
     *
     * @param drafts guesses, each of one or more tokens
     * @param tokens tokens in all guesses
     * @param accepted guessed tokens that became tokens of answers
     */
    public record Drafts(long drafts, long tokens, long accepted) {}

    /**
     * Times and sizes of steps.
     *
     * @param seconds duration of a step, with sampling and calls of listeners
     * @param rows requests in a step
     * @param phaseSeconds wall time of all steps by what it went into; every phase has a value, and
     *     together they are the sum of {@code seconds}
     * @param idleCpuSeconds time that the engine's threads were awake while no step ran, summed
     *     over all threads
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
