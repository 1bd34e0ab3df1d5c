package dev.weft.format.trtllm;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.npy.NpyType;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Collection;
import java.util.List;

/**
 * The space of an adapter in TensorRT-LLM's two caches, by TensorRT-LLM's own count
 * (getPageManagerConfig in cpp/tensorrt_llm/batch_manager/peftCacheManager.cpp, determineNumPages
 * in cpp/tensorrt_llm/runtime/loraCache.cpp): a slot is as wide as {@code in + out} of the
 * narrowest module; a page has the slots of an adapter of the optimal rank with all the engine's
 * modules; a row takes whole slots, and lies in one page.
 *
 * @param slotWidth elements
 * @param slotsPerPage slots of one page
 * @param pageBytes of each GPU that shares the engine
 * @param pagesPerAdapter pages of an adapter of the deployment's largest rank with all modules
 */
public record LoraCacheSize(
        long slotWidth, long slotsPerPage, long pageBytes, long pagesPerAdapter) {
    /**
     * Ranks that decide about pages.
     *
     * @param largest of an adapter
     * @param max {@code lora_cache_max_adapter_size}
     * @param optimal {@code lora_cache_optimal_adapter_size}; at the largest rank an adapter of
     *     that rank takes exactly one page
     */
    public record Ranks(int largest, int max, int optimal) {
        public Ranks {
            if (optimal < 1 || largest < 1 || max < largest) {
                throw new IllegalArgumentException(
                        "ranks: largest %d, max %d, optimal %d".formatted(largest, max, optimal));
            }
        }

        /** Makes ranks that are all three {@code rank}. */
        public static Ranks of(int rank) {
            return new Ranks(rank, rank, rank);
        }

        /** The rank within the engine's bound, whatever the model's configuration says. */
        private int bounded(int rank) {
            return Math.min(rank, largest);
        }
    }

    /**
     * Sizes for adapters up to a rank.
     *
     * @param modules that the engine can adapt, at least one
     * @param gpus that share each layer
     */
    public static LoraCacheSize of(
            DecoderShape base,
            Collection<LinearModule> modules,
            Ranks ranks,
            NpyType storage,
            int gpus) {
        List<Long> widths = modules.stream().map(m -> width(base, m, gpus)).toList();
        long slot = widths.stream().mapToLong(w -> w).min().orElseThrow();
        long widest = widths.stream().mapToLong(w -> w).max().orElseThrow();
        long perRank = widths.stream().mapToLong(w -> Math.ceilDiv(w, slot)).sum();
        long slots =
                Math.max(
                        perRank * ranks.bounded(ranks.optimal) * base.layers(),
                        Math.ceilDiv(ranks.bounded(ranks.max) * widest, slot));
        return new LoraCacheSize(
                slot,
                slots,
                slots * slot * storage.bytes(),
                pages(widths, ranks.largest, base.layers(), slot, slots));
    }

    /** Places rows one after the other, each into the page that it still fits in. */
    private static long pages(
            List<Long> widths, int rank, int layers, long slot, long slotsPerPage) {
        long pages = 1;
        long used = 0;
        for (int layer = 0; layer < layers; layer++) {
            for (long width : widths) {
                long slots = Math.ceilDiv(rank * width, slot);
                if (used + slots > slotsPerPage) {
                    pages++;
                    used = 0;
                }
                used += slots;
            }
        }
        return pages;
    }

    /** Bytes of an adapter of the largest rank. */
    public long adapterBytes() {
        return pageBytes * pagesPerAdapter;
    }

    /** Bytes of a cache that holds that many adapters of the largest rank. */
    public long bytes(int adapters) {
        return adapterBytes() * adapters;
    }

    /** Elements of A and B for each rank, in one GPU's part. */
    private static long width(DecoderShape base, LinearModule module, int gpus) {
        long in = base.inputSize(module);
        long out = base.outputSize(module);
        return switch (module) {
            case Q, GATE, UP, QKV, GATE_UP -> in + out / gpus;
            case K, V -> in + Math.max(out / gpus, base.attention().headDim());
            case O, DOWN -> in / gpus + out;
        };
    }
}
