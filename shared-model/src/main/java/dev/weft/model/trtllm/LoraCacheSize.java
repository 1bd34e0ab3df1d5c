package dev.weft.model.trtllm;

import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.npy.NpyType;
import java.util.Collection;

/**
 * What an adapter takes of TensorRT-LLM's two caches, as its PeftCacheManager counts
 * (getPageManagerConfig in cpp/tensorrt_llm/batch_manager/peftCacheManager.cpp): a slot is as wide
 * as {@code in + out} of the narrowest module; a module takes {@code rank} times its own width in
 * slots, rounded up, in each layer. With {@code lora_cache_optimal_adapter_size} and {@code
 * lora_cache_max_adapter_size} both at the deployment's maximum rank, a page is exactly one adapter
 * of that rank with all the engine's modules; smaller ones take a part of it.
 *
 * @param slotWidth elements
 * @param slotsPerPage slots of one adapter of the largest rank
 * @param pageBytes of each GPU that shares the engine
 */
public record LoraCacheSize(long slotWidth, long slotsPerPage, long pageBytes) {
    /**
     * Sizes for adapters up to a rank.
     *
     * @param modules that the engine can adapt, at least one
     * @param gpus that share each layer
     */
    public static LoraCacheSize of(
            ModelConfig base,
            Collection<LinearModule> modules,
            int maxRank,
            NpyType storage,
            int gpus) {
        long width = modules.stream().mapToLong(m -> width(base, m, gpus)).min().orElseThrow();
        long slots =
                modules.stream().mapToLong(m -> Math.ceilDiv(width(base, m, gpus), width)).sum();
        long perPage = slots * maxRank * base.layers();
        return new LoraCacheSize(width, perPage, perPage * width * storage.bytes());
    }

    /** Bytes of a cache that holds so many adapters of the largest rank. */
    public long bytes(int adapters) {
        return pageBytes * adapters;
    }

    /** Elements of A and B for each rank, of the part that one GPU has. */
    private static long width(ModelConfig base, LinearModule module, int gpus) {
        long in = base.inputSize(module);
        long out = base.outputSize(module);
        return switch (module) {
            case Q, GATE, UP -> in + out / gpus;
            case K, V -> in + Math.max(out / gpus, base.headDim());
            case O, DOWN -> in / gpus + out;
        };
    }
}
