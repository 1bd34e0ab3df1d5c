package dev.weft.inference.engine;

/**
 * A snapshot of counters; totals grow from start on.
 *
 * @param running requests that hold a row
 * @param waiting requests that wait for one
 * @param slotsInUse adapters loaded
 * @param kvTokensUsed positions held in the KV cache
 * @param kvTokensTotal positions it has room for
 * @param steps forward passes so far
 * @param promptTokens prefilled so far
 * @param generatedTokens produced so far
 * @param mixedSteps forward passes whose rows used more than one adapter (the base counts as one)
 */
public record EngineStatistics(
        int running,
        int waiting,
        int slotsInUse,
        long kvTokensUsed,
        long kvTokensTotal,
        long steps,
        long promptTokens,
        long generatedTokens,
        long mixedSteps) {}
