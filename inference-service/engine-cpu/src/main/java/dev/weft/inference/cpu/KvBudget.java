package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.engine.MachineMemory;

/**
 * How long sequences may be and how many positions the KV cache holds.
 *
 * @param contextLength at most the model's own, and at most what the cache holds, unless it gives
 *     blocks back behind a window
 */
record KvBudget(int contextLength, long positions) {
    /** The cache is this part of the machine's memory if no size is configured. */
    private static final int SHARE = 4;

    static KvBudget of(ModelConfig config, CpuEngineSettings settings) {
        int context =
                settings.context().maxModelLength() > 0
                        ? Math.min(settings.context().maxModelLength(), config.contextLength())
                        : config.contextLength();
        // What one sequence holds at most: with windows in all layers less than its length.
        long held = context;
        int window = config.plan().widestWindow();
        if (window > 0) {
            held =
                    Math.min(
                            held,
                            (long) window + settings.batch().maxTokens() + 2 * Attention.BLOCK);
        }
        long wanted = held * settings.batch().maxRows();
        long bytes = KvCache.bytesPerPosition(config.shape(), settings.context().kvPrecision());
        long fits = MachineMemory.total() / SHARE / bytes;
        long positions =
                settings.context().kvCacheTokens() > 0
                        ? settings.context().kvCacheTokens()
                        : Math.min(wanted, fits);
        long whole = Math.max(1, positions / Attention.BLOCK) * Attention.BLOCK;
        return new KvBudget((int) (held <= whole ? context : Math.min(context, whole)), whole);
    }
}
