package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;

/** Makes linear layers of one precision on one kind of kernels, for one team. */
public interface LinearLayers {
    /** The kind for descriptions, e.g. {@code onednn}. */
    String name();

    /** The instruction set that they use here, in the words of the settings, e.g. {@code avx2}. */
    String instructionSet();

    /** Whether the JVM compiles them as they run, so that they are slow at first. */
    boolean isCompiledAsItRuns();

    /**
     * Whether the processor has instructions for products of this precision and these kernels use
     * them: then they are known to be faster than all others, and are not measured.
     */
    default boolean isNative() {
        return false;
    }

    /** The same kind of kernels for another team. */
    LinearLayers of(Team other);

    /**
     * Packs the weights of a layer. The thread that owns the team calls it.
     *
     * @param memory the memory they are packed in; it must stay open as long as the layer is used
     */
    Linear pack(Arena memory, WeightSource source);
}
