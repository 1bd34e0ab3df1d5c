package dev.weft.inference.cpu.kernel.math;

/** Symmetric 8-bit numbers: {@code value = q * scale}, q from -127 to 127. */
public final class Int8 {
    static final int LARGEST = 127;

    private Int8() {}

    /** The scale for values of at most that size; 1 if all are zero. */
    public static float scale(float largest) {
        return largest == 0 ? 1f : largest / LARGEST;
    }

    public static byte quantise(float value, float scale) {
        int rounded = (int) Math.rint(value * (1f / scale));
        return (byte) Math.clamp(rounded, -LARGEST, LARGEST);
    }
}
