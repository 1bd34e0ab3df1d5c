package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Scales of keys and values, one for each position. A key's belongs to its score, a value's to its
 * weight: so products run on whole numbers, and a score or weight is multiplied once.
 */
final class KvScales {
    private KvScales() {}

    /** Multiplies the scores from {@code at} on by the keys' scales. */
    static void ofKeys(Attention.Blocks blocks, float[] scores, int at, int padded) {
        for (int first = 0; first < padded; first += Attention.BLOCK) {
            int block = first / Attention.BLOCK;
            multiply(blocks.segment(block), blocks.keyScales(block), scores, at + first);
        }
    }

    /** Multiplies the weights from {@code at} on by the values' scales. */
    static void ofValues(Attention.Blocks blocks, float[] weights, int at, int padded) {
        for (int first = 0; first < padded; first += Attention.BLOCK) {
            int block = first / Attention.BLOCK;
            multiply(blocks.segment(block), blocks.valueScales(block), weights, at + first);
        }
    }

    private static void multiply(MemorySegment segment, long scales, float[] target, int at) {
        for (int i = 0; i < Attention.BLOCK; i += VectorMath.LANES) {
            FloatVector.fromArray(VectorMath.FLOATS, target, at + i)
                    .mul(VectorMath.load(segment, scales + 4L * i))
                    .intoArray(target, at + i);
        }
    }
}
