package dev.weft.inference.engine;

/**
 * A snapshot of counters; totals grow from start on.
 *
 * @param running requests that hold a row
 * @param waiting requests that wait for one
 * @param adapters those it holds
 * @param kvTokensUsed positions held in the KV cache
 * @param kvTokensTotal positions it has room for
 * @param steps forward passes so far
 * @param promptTokens prefilled so far
 * @param generatedTokens produced so far
 * @param mixedSteps forward passes whose rows used more than one adapter (the base counts as one)
 * @param prefixQueriedTokens of prompts that were looked up in the prefix cache; a prompt counts
 *     when its first token is produced
 * @param prefixHitTokens of those, the ones found there and not computed
 * @param evictedBlocks blocks of the KV cache whose contents gave way to others
 * @param preemptions times that a running request gave up its place in the KV cache to start over
 */
public record EngineStatistics(
        int running,
        int waiting,
        AdapterStatistics adapters,
        long kvTokensUsed,
        long kvTokensTotal,
        long steps,
        long promptTokens,
        long generatedTokens,
        long mixedSteps,
        long prefixQueriedTokens,
        long prefixHitTokens,
        long evictedBlocks,
        long preemptions) {}
