package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Scales of keys and values, one for each position. A key's belongs to its score, a value's to its
 * weight: so products run on whole numbers, and a score or weight is multiplied once. The scales
 * are collected from the blocks once for all queries that read them.
 */
final class KvScales {
    private static final int BLOCK = Attention.BLOCK;

    private float[] keys = new float[0];
    private float[] values = new float[0];

    /** Makes room for so many positions, whole blocks; what was collected before is lost. */
    void resize(int positions) {
        if (keys.length < positions) {
            keys = new float[positions];
            values = new float[positions];
        }
    }

    /** Collects the scales of blocks {@code from} to {@code to - 1}. */
    void collect(Attention.Blocks blocks, int from, int to) {
        for (int block = from; block < to; block++) {
            MemorySegment segment = blocks.segment(block);
            VectorMath.copy(segment, blocks.keyScales(block), keys, block * BLOCK, BLOCK);
            VectorMath.copy(segment, blocks.valueScales(block), values, block * BLOCK, BLOCK);
        }
    }

    /** Multiplies the scores from {@code at} on by the keys' scales. */
    void ofKeys(float[] scores, int at, int padded) {
        multiply(scores, at, keys, padded);
    }

    /** Multiplies the weights from {@code at} on by the values' scales. */
    void ofValues(float[] weights, int at, int padded) {
        multiply(weights, at, values, padded);
    }

    private static void multiply(float[] target, int at, float[] scales, int padded) {
        for (int i = 0; i < padded; i += VectorMath.LANES) {
            FloatVector.fromArray(VectorMath.FLOATS, target, at + i)
                    .mul(FloatVector.fromArray(VectorMath.FLOATS, scales, i))
                    .intoArray(target, at + i);
        }
    }
}
