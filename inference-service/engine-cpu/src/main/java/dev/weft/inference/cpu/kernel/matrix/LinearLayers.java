package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Makes linear layers of one precision on one kind of kernels, for one team. */
public interface LinearLayers {
    /** The kind for descriptions, e.g. {@code onednn}. */
    String name();

    /** The instruction set that they use here, in the words of the settings, e.g. {@code avx2}. */
    String instructionSet();

    /** Whether the JVM compiles them as they run, so that they are slow at first. */
    boolean isCompiledAsItRuns();

    /**
     * Whether the JVM compiles all of them as they run, or what multiplies a single row in layers
     * that {@linkplain Linear#isOnlySingleRowCompiled say so}.
     */
    default boolean mayCompileSingleRow() {
        return isCompiledAsItRuns();
    }

    /**
     * Whether the processor has instructions for products of this precision and these kernels use
     * them: then they are known to be faster than all others, and are not measured.
     */
    default boolean isNative() {
        return false;
    }

    /**
     * How many times as fast as more exact kernels of this precision these must be, to be chosen; 1
     * if none is more exact.
     */
    default double leastGain() {
        return 1;
    }

    /** Whether they have a fast kernel for a shape. The team's owner calls it. */
    default boolean serves(Shape shape) {
        return true;
    }

    /** Makes kernels of this kind for another team. */
    LinearLayers of(Team other);

    /** Bytes that the weights of a layer take once they are packed. The team's owner calls it. */
    long bytes(Shape shape);

    /**
     * All that the packed bytes of a layer depend on besides its weights, in words that are equal
     * if and only if the bytes are, in any process; empty if they can't be kept. The team's owner
     * calls it.
     */
    Optional<String> layout(Shape shape);

    /**
     * Packs the weights of a layer. The thread that owns the team calls it.
     *
     * @param room {@link #bytes} at a multiple of 64; it must stay open as long as the layer is
     *     used
     */
    Linear pack(MemorySegment room, WeightSource source);

    /**
     * A layer whose weights have been packed before, here or in another process, by kernels with
     * the same {@link #layout}. The thread that owns the team calls it.
     *
     * @param room what {@link #pack} has filled; it is only read
     */
    Linear packed(MemorySegment room, Shape shape);

    /** Packs the weights of a layer into memory of its own. */
    default Linear pack(Arena memory, WeightSource source) {
        Shape shape = new Shape(source.in(), source.out());
        return pack(memory.allocate(bytes(shape), 64), source);
    }
}
