package dev.weft.standalone.bench.synthetic;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Fills memory with Gaussian bf16 numbers at the speed of a disk. A table of 65,536 numbers is
 * drawn once for each deviation, and 16 random bits pick one. bf16 has no more values than that.
 * For one thread.
 */
final class GaussianBytes {
    private static final int SIZE = 1 << 16;

    private final double[] standard = new double[SIZE];
    private final Map<Double, short[]> tables = new HashMap<>();

    GaussianBytes(long seed) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < SIZE; i++) {
            standard[i] = random.nextGaussian();
        }
    }

    /**
     * Writes little-endian numbers.
     *
     * @param deviation standard deviation
     * @param count number of values; 2 bytes each from {@code offset} on
     */
    void fill(byte[] target, int offset, int count, double deviation, SplittableRandom random) {
        short[] table = tables.computeIfAbsent(deviation, this::table);
        int end = offset + 2 * count;
        int at = offset;
        while (at < end) {
            long bits = random.nextLong();
            for (int k = 0; k < 4 && at < end; k++) {
                short value = table[(int) bits & (SIZE - 1)];
                target[at] = (byte) value;
                target[at + 1] = (byte) (value >> 8);
                at += 2;
                bits >>>= 16;
            }
        }
    }

    private short[] table(double deviation) {
        var table = new short[SIZE];
        for (int i = 0; i < SIZE; i++) {
            // adding half of the last kept bit rounds to the nearest, as the next bits are cut off
            int bits = Float.floatToRawIntBits((float) (standard[i] * deviation));
            table[i] = (short) ((bits + 0x8000) >>> 16);
        }
        return table;
    }
}
