package dev.weft.inference.cpu.kernel.math;

/**
 * Symmetric 8-bit numbers: {@code value = q * scale}, q from {@code -most} to {@code most}, of at
 * most {@link #LARGEST}.
 */
public final class Int8 {
    public static final int LARGEST = 127;

    private Int8() {}

    /** The scale for values of at most that size; 1 if all are zero. */
    public static float scale(float largest) {
        return scale(largest, LARGEST);
    }

    /** The scale for values of at most that size in so many steps; 1 if all are zero. */
    public static float scale(float largest, int most) {
        return largest == 0 ? 1f : largest / most;
    }

    public static byte quantise(float value, float scale) {
        int rounded = (int) Math.rint(value * (1f / scale));
        return (byte) Math.clamp(rounded, -LARGEST, LARGEST);
    }
}
