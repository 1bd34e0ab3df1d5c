package dev.weft.inference.cpu.kernel;

/** Symmetric 8-bit numbers: {@code value = q * scale}, q from -127 to 127. */
final class Int8 {
    static final int LARGEST = 127;

    /** A second byte holds what the first leaves over, in steps this much finer. */
    static final int FINER = 2 * LARGEST;

    private Int8() {}

    /** The scale for values of at most that size; 1 where all are zero. */
    static float scale(float largest) {
        return largest == 0 ? 1f : largest / LARGEST;
    }

    static byte quantise(float value, float scale) {
        int rounded = (int) Math.rint(value / scale);
        return (byte) Math.clamp(rounded, -LARGEST, LARGEST);
    }
}
