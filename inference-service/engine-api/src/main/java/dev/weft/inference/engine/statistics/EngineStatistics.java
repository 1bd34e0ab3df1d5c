package dev.weft.inference.engine.statistics;

import java.util.Optional;

/**
 * A snapshot of counters; totals grow from start on.
 *
 * @param running requests that hold a row
 * @param waiting requests that wait for a row
 * @param adapters adapters that the engine holds
 * @param kv the KV cache
 * @param steps forward passes so far
 * @param tokens of requests
 * @param batch counts of the batches; empty if the engine's runtime forms them
 */
public record EngineStatistics(
        int running,
        int waiting,
        AdapterStatistics adapters,
        KvStatistics kv,
        long steps,
        Tokens tokens,
        Optional<BatchStatistics> batch) {
    /**
     * Tokens so far.
     *
     * @param prompt prefilled
     * @param generated produced
     * @param prefixQueried tokens of prompts that were looked up in the prefix cache; a prompt
     *     counts when its first token is produced
     * @param prefixHit those of them that were found there and not computed
     */
    public record Tokens(long prompt, long generated, long prefixQueried, long prefixHit) {}
}
