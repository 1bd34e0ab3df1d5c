package dev.weft.inference.engine;

import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * What an engine's linear layers run on.
 *
 * @param name e.g. {@code onednn bf16}
 * @param ofPeak the part of a core's peak that they reach with 16 rows, 0 to 1; empty if that is
 *     not measured, or not yet
 */
public record EngineKernels(String name, Supplier<OptionalDouble> ofPeak) {
    /** Kernels whose speed is not measured. */
    public static EngineKernels of(String name) {
        return new EngineKernels(name, OptionalDouble::empty);
    }
}
