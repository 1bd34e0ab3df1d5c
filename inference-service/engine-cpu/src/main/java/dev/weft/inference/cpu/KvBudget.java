package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.kv.KvLayers;
import dev.weft.inference.cpu.kv.KvSpan;
import dev.weft.inference.engine.MachineMemory;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long sequences may be and how many positions the KV cache holds.
 *
 * @param contextLength at most the model's own and the configured one; less if some group of layers
 *     can't hold a sequence of that length
 * @param positions of each {@linkplain KvSpan#groups group of layers}
 */
record KvBudget(int contextLength, List<Long> positions) {
    private static final Logger LOG = LoggerFactory.getLogger(KvBudget.class);

    /** The cache is this part of the machine's memory if no size is configured. */
    private static final int SHARE = 4;

    KvBudget {
        positions = List.copyOf(positions);
    }

    static KvBudget of(ModelConfig config, CpuEngineSettings settings) {
        int asked = settings.context().maxModelLength();
        int context = asked > 0 ? Math.min(asked, config.contextLength()) : config.contextLength();
        if (asked > context) {
            LOG.warn(
                    "max-model-length {} is more than the base's own {}, which counts",
                    asked,
                    context);
        }
        List<KvLayers> groups = KvSpan.of(config.plan()).groups(config.shape().layers());
        double part = part(groups, context, config, settings);
        long configured = settings.context().kvCacheTokens();
        List<Long> positions = new ArrayList<>();
        int longest = context;
        for (KvLayers group : groups) {
            long held = held(group, context, settings);
            long wanted = held * settings.batch().maxRows();
            long room;
            if (configured > 0) {
                long most = positions.isEmpty() ? inMemory(group, config, settings) : wanted;
                room = Math.min(configured, Math.max(most, held));
            } else {
                // layers with a window get room for one sequence, however short memory is
                room =
                        (long)
                                Math.max(
                                        (double) wanted * part,
                                        group.window() == 0 ? 0 : (double) held);
            }
            long whole = Math.max(1, room / Attention.BLOCK) * Attention.BLOCK;
            if (held > whole) {
                longest = (int) Math.min(longest, whole);
            }
            positions.add(whole);
        }
        return new KvBudget(longest, positions);
    }

    /** Positions that all of the machine's memory would hold. */
    private static long inMemory(KvLayers group, ModelConfig config, CpuEngineSettings settings) {
        return MachineMemory.total() / bytesPerPosition(group, config, settings);
    }

    private static long bytesPerPosition(
            KvLayers group, ModelConfig config, CpuEngineSettings settings) {
        return KvCache.bytesPerPosition(
                config.shape(), group.layers().size(), settings.context().kvPrecision());
    }

    /**
     * The part of the sequences' largest need that the cache's share of memory has room for, at
     * most 1.
     */
    private static double part(
            List<KvLayers> groups, int context, ModelConfig config, CpuEngineSettings settings) {
        double bytes = 0;
        for (KvLayers group : groups) {
            bytes +=
                    (double) bytesPerPosition(group, config, settings)
                            * held(group, context, settings)
                            * settings.batch().maxRows();
        }
        return Math.min(1, (double) MachineMemory.total() / SHARE / bytes);
    }

    /**
     * The most positions that one sequence holds, in whole blocks; with a window these are not all
     * of its positions.
     */
    private static long held(KvLayers group, int context, CpuEngineSettings settings) {
        long positions =
                group.window() == 0
                        ? context
                        : Math.min(
                                context,
                                (long) group.window()
                                        + settings.batch().maxTokens()
                                        + 2 * Attention.BLOCK);
        return Math.ceilDiv(positions, (long) Attention.BLOCK) * Attention.BLOCK;
    }
}
