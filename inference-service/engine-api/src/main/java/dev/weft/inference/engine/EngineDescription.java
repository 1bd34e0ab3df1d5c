package dev.weft.inference.engine;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.inference.engine.constraint.TokenConstraint;

/**
 * The constant properties of an engine.
 *
 * @param engine {@code cpu} or {@code tensorrt-llm}
 * @param kernels what its linear layers run on
 * @param constrains whether it takes every {@link TokenConstraint}; if not, it refuses requests
 *     with one, except those that {@link Engine#guides} allows
 * @param pools whether it makes vectors of prompts; if not, it refuses requests for one
 */
public record EngineDescription(
        String engine,
        EngineKernels kernels,
        ModelConfig model,
        Limits limits,
        boolean constrains,
        boolean pools) {
    /**
     * The limits of an engine.
     *
     * @param contextLength positions of prompt and answer together
     * @param slots adapters that can be loaded at once
     * @param maxRank largest rank an adapter may have
     * @param maxRows requests that share a step at most
     */
    public record Limits(int contextLength, int slots, int maxRank, int maxRows) {}

    /** Positions of prompt and answer together. */
    public int contextLength() {
        return limits.contextLength();
    }

    /** Adapters that can be loaded at once. */
    public int slots() {
        return limits.slots();
    }

    /** Largest rank an adapter may have. */
    public int maxRank() {
        return limits.maxRank();
    }

    /** Requests that share a step at most. */
    public int maxRows() {
        return limits.maxRows();
    }
}
