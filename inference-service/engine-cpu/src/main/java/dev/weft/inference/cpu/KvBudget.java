package dev.weft.inference.cpu;

import dev.weft.inference.cpu.kernel.Attention;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.model.checkpoint.ModelConfig;
import java.lang.management.ManagementFactory;

/**
 * How long sequences may be and how many positions the KV cache holds.
 *
 * @param contextLength at most the model's own, and at most what the cache holds
 */
record KvBudget(int contextLength, long positions) {
    /** Of the machine's memory, where nobody said how large the cache may be. */
    private static final int SHARE = 4;

    static KvBudget of(ModelConfig config, CpuEngineSettings settings) {
        int context =
                settings.maxModelLength() > 0
                        ? Math.min(settings.maxModelLength(), config.contextLength())
                        : config.contextLength();
        long wanted = (long) context * settings.maxRows();
        long fits = memory() / SHARE / KvCache.bytesPerPosition(config);
        long positions =
                settings.kvCacheTokens() > 0 ? settings.kvCacheTokens() : Math.min(wanted, fits);
        long whole = Math.max(1, positions / Attention.BLOCK) * Attention.BLOCK;
        return new KvBudget((int) Math.min(context, whole), whole);
    }

    /** Bytes of the machine, or of the container where it has a limit; page cache not counted. */
    static long freeMemory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getFreeMemorySize()
                : Runtime.getRuntime().maxMemory() - Runtime.getRuntime().totalMemory();
    }

    /** Bytes of the machine, or of the container it is. */
    static long memory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
