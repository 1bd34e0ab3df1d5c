package dev.weft.inference.engine;

import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * What an engine's linear layers run on.
 *
 * @param name e.g. {@code onednn bf16}
 * @param instructionSet the processor's instruction set that they use, e.g. {@code avx512-bf16};
 *     empty if they don't run on the processor
 * @param ofPeak the part of a core's peak, 0 to 1, that the slowest of them reaches with several
 *     rows, those of adapters included; empty if that is not measured, or not yet
 */
public record EngineKernels(String name, String instructionSet, Supplier<OptionalDouble> ofPeak) {
    /** Kernels that don't run on the processor, whose speed is not measured. */
    public static EngineKernels of(String name) {
        return new EngineKernels(name, "", OptionalDouble::empty);
    }
}
