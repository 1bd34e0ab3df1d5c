package dev.weft.inference.engine;

import dev.weft.format.checkpoint.ModelConfig;

/**
 * The constant properties of an engine.
 *
 * @param engine {@code cpu} or {@code tensorrt-llm}
 * @param kernels what its linear layers run on
 * @param contextLength positions of prompt and answer together
 * @param slots adapters that can be loaded at once
 * @param maxRank largest rank an adapter may have
 * @param maxRows requests that share a step at most
 */
public record EngineDescription(
        String engine,
        EngineKernels kernels,
        ModelConfig model,
        int contextLength,
        int slots,
        int maxRank,
        int maxRows) {}
