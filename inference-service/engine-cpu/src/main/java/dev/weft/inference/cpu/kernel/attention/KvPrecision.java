package dev.weft.inference.cpu.kernel.attention;

/** The numbers that keys and values are cached in; what is computed from them is float. */
public enum KvPrecision {
    BF16(Short.BYTES),

    /** Signed bytes with a scale, a float, for each position of each head, symmetric. */
    INT8(Byte.BYTES);

    private final int bytes;

    KvPrecision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a number. */
    public int bytes() {
        return bytes;
    }

    /** Bytes of a position's scale; 0 if it has none. */
    public int scaleBytes() {
        return this == INT8 ? Float.BYTES : 0;
    }
}
