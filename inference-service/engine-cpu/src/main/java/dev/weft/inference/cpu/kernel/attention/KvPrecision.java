package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.Int16;
import dev.weft.inference.cpu.kernel.math.Int8;

/**
 * The numbers that keys and values are cached in: whole ones with a scale, a float, for each
 * position of each head, symmetric. Results computed from them are float.
 */
public enum KvPrecision {
    INT16(Short.BYTES),
    INT8(Byte.BYTES);

    /** Bytes of a position's scale. */
    public static final int SCALE_BYTES = Float.BYTES;

    private final int bytes;

    KvPrecision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a number. */
    public int bytes() {
        return bytes;
    }

    /** The scale for numbers of at most that size. */
    public float scale(float largest) {
        return this == INT16 ? Int16.scale(largest) : Int8.scale(largest);
    }
}
