package dev.weft.inference.cpu.kernel.math;

import java.lang.foreign.MemorySegment;

/**
 * Memory outside the heap, as loops over vectors read and write it.
 *
 * <p>Such a loop is fast only if the compiler knows the class of its segments. Else it takes the
 * class from the profile of the JDK's own methods, which all callers of a process share: if that
 * has seen segments of arrays, too, or nothing yet, each vector costs virtual calls, for as long as
 * the process lives. Then a product of one row is eight times slower, or not, as chance has it.
 */
public final class OffHeap {
    /** Mapped files are of a class below it. */
    private static final Class<? extends MemorySegment> NATIVE = MemorySegment.NULL.getClass();

    private OffHeap() {}

    /**
     * The same segment, whose class the compiler knows. In a loop it costs nothing.
     *
     * @throws ClassCastException if it is an array's
     */
    public static MemorySegment of(MemorySegment segment) {
        return NATIVE.cast(segment);
    }
}
