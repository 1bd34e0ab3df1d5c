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
 * @param yielded what gave way to others in the KV cache
 * @param masks of constrained answers
 * @param drafts of tokens that were guessed and verified
 * @param measured what only a clock can tell; empty if that is switched off
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
     * What gave way to others in the KV cache.
     *
     * @param blocks whose contents did
     * @param requests times that a running request gave up its place to start over
     */
    public record Yielded(long blocks, long requests) {}

    /**
     * Masks of tokens, which were made because a constraint refused a choice.
     *
     * @param seconds that each took, waiting excluded, the choice by it included
     * @param satOut steps that ran without a row because its mask was not ready, summed over rows
     */
    public record Masks(Histogram.Snapshot seconds, long satOut) {}

    /**
     * Guesses of the tokens that follow, verified by the step that computes the next one.
     *
     * @param drafts guesses, each of one or more tokens
     * @param tokens that they had
     * @param accepted of these, which became tokens of answers
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
