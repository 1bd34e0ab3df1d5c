package dev.weft.inference.cpu;

import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.inference.cpu.kernel.math.InstructionSet;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.shelf.ShelfSize;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the embedded engine.
 *
 * @param measured whether steps are timed by phase and by size, and the threads' time beside them
 */
public record CpuEngineSettings(
        Compute compute, Adapters adapters, Batch batch, Context context, boolean measured) {
    /**
     * The threads and kernels that compute.
     *
     * @param threads size of the team; 0 means one per core
     * @param precision of the base's linear layers
     * @param highest instruction set of the kernels, for the whole process
     * @param kernelFile file that keeps the chosen kernels for the next start; null for none
     * @param copies of packed weights for the next start; null for none
     * @param pinned whether threads of the team are bound to processors
     */
    public record Compute(
            int threads,
            Kernels.Choice kernels,
            Precision precision,
            InstructionSet highest,
            @Nullable Path kernelFile,
            @Nullable Copies copies,
            boolean pinned) {
        /**
         * Settings with the processor's highest instruction set, and with kernels chosen anew at
         * each start.
         */
        public Compute(int threads, Kernels.Choice kernels, Precision precision) {
            this(threads, kernels, precision, InstructionSet.AUTO, null, null, false);
        }
    }

    /**
     * Copies of packed weights.
     *
     * @param bytes that they may take; 0 keeps none
     */
    public record Copies(Path folder, long bytes) {}

    /**
     * How many adapters are held, and how large one may be.
     *
     * @param maxRank largest rank of an adapter
     */
    public record Adapters(ShelfSize shelf, int maxRank) {}

    /**
     * The requests that share a step.
     *
     * @param maxRows requests that share a step
     * @param maxTokens rows of a forward pass
     * @param maxQueue requests that may wait
     * @param maxTokenGap longest expected time of a step in which prompts and rows that decode take
     *     part
     */
    public record Batch(
            int maxRows, int maxTokens, int maxQueue, Duration maxTokenGap, Drafts drafts) {
        /** Limits with a token at least every 200 ms, and up to 8 drafted tokens a row. */
        public Batch(int maxRows, int maxTokens, int maxQueue) {
            this(maxRows, maxTokens, maxQueue, Duration.ofMillis(200), Drafts.of(8));
        }
    }

    /**
     * Guesses of the tokens that follow, which steps verify.
     *
     * @param tokens that a step may verify for each row; 0 for none
     * @param model folder of a checkpoint with the base's vocabulary, which drafts for requests
     *     whose own texts give less likely guesses; null for none
     */
    public record Drafts(int tokens, @Nullable Path model) {
        /** Guesses without a model that drafts. */
        public static Drafts of(int tokens) {
            return new Drafts(tokens, null);
        }
    }

    /**
     * The limits of a request and of the KV cache.
     *
     * @param maxModelLength positions of prompt and answer; 0 means the model's own limit
     * @param kvCacheTokens positions of the KV cache; 0 means maxRows times the context, at most
     *     what a quarter of the machine's memory holds
     * @param prefixCache whether requests that begin with the same tokens share what was computed
     * @param kvPrecision of keys and values in the cache
     */
    public record Context(
            int maxModelLength, long kvCacheTokens, boolean prefixCache, KvPrecision kvPrecision) {
        /** Limits with keys and values in int16. */
        public Context(int maxModelLength, long kvCacheTokens, boolean prefixCache) {
            this(maxModelLength, kvCacheTokens, prefixCache, KvPrecision.INT16);
        }

        /** Limits with the prefix cache, and keys and values in int16. */
        public Context(int maxModelLength, long kvCacheTokens) {
            this(maxModelLength, kvCacheTokens, true);
        }
    }

    /** Settings with steps timed. */
    public CpuEngineSettings(Compute compute, Adapters adapters, Batch batch, Context context) {
        this(compute, adapters, batch, context, true);
    }

    /** Small limits, the best kernels. */
    public static CpuEngineSettings defaults() {
        return new CpuEngineSettings(
                new Compute(0, Kernels.Choice.AUTO, Precision.BF16),
                new Adapters(ShelfSize.of(8), 64),
                new Batch(32, 512, 1024),
                new Context(0, 0));
    }
}
