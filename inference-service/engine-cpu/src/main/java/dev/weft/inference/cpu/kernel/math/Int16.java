package dev.weft.inference.cpu.kernel.math;

/** Symmetric 16-bit numbers: {@code value = q * scale}, q from -32767 to 32767. */
public final class Int16 {
    private static final int LARGEST = 32767;

    private Int16() {}

    /** The scale for values of at most that size; 1 if all are zero. */
    public static float scale(float largest) {
        return largest == 0 ? 1f : largest / LARGEST;
    }
}
