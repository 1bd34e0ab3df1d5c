package dev.weft.inference.cpu.kernel.math;

/** The 16-bit float with the exponent of a 32-bit one. */
public final class Bf16 {
    private Bf16() {}

    /** Rounds to nearest even; NaN stays NaN. */
    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fffffff) > 0x7f800000) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Two values in an int, the first in its low half. */
    public static int pair(float first, float second) {
        return (of(first) & 0xffff) | (of(second) << 16);
    }

    public static float first(int pair) {
        return toFloat((short) pair);
    }

    public static float second(int pair) {
        return toFloat((short) (pair >>> 16));
    }
}
