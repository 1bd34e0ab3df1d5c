package dev.weft.inference.cpu;

import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import java.time.Duration;

/**
 * Settings of the embedded engine.
 *
 * @param threads size of its team; 0 means one per core
 * @param slots adapters loaded at once
 * @param hostCacheBytes memory for adapters that have left their slot; -1 means an eighth of the
 *     machine's
 * @param maxRank largest rank of an adapter
 * @param maxRows requests that share a step
 * @param maxBatchTokens rows of a forward pass
 * @param maxModelLength positions of prompt and answer; 0 means the model's own limit
 * @param kvCacheTokens positions of the KV cache; 0 means maxRows times the context, at most what a
 *     quarter of the machine's memory holds
 * @param maxQueue requests that may wait
 * @param precision of the base's linear layers
 * @param prefixCache whether requests that begin with the same tokens share what was computed
 * @param maxTokenGap how long a step may take, by expectation, where prompts share it with rows
 *     that decode
 * @param measured whether steps are timed: by phase, by size, and what the threads take beside them
 */
public record CpuEngineSettings(
        int threads,
        int slots,
        long hostCacheBytes,
        int maxRank,
        int maxRows,
        int maxBatchTokens,
        int maxModelLength,
        long kvCacheTokens,
        int maxQueue,
        Kernels.Choice kernels,
        Precision precision,
        boolean prefixCache,
        Duration maxTokenGap,
        boolean measured) {
    /** With the prefix cache, a token at least every 200 ms, and steps timed. */
    public CpuEngineSettings(
            int threads,
            int slots,
            long hostCacheBytes,
            int maxRank,
            int maxRows,
            int maxBatchTokens,
            int maxModelLength,
            long kvCacheTokens,
            int maxQueue,
            Kernels.Choice kernels,
            Precision precision) {
        this(
                threads,
                slots,
                hostCacheBytes,
                maxRank,
                maxRows,
                maxBatchTokens,
                maxModelLength,
                kvCacheTokens,
                maxQueue,
                kernels,
                precision,
                true,
                Duration.ofMillis(200),
                true);
    }

    /** Small limits, the best kernels. */
    public static CpuEngineSettings defaults() {
        return new CpuEngineSettings(
                0, 8, -1, 64, 32, 512, 0, 0, 1024, Kernels.Choice.AUTO, Precision.BF16);
    }
}
