package dev.weft.inference.cpu.kv;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;

/**
 * How a block of {@link Attention#BLOCK} positions is laid out: for each layer and KV head keys
 * {@code [headDim][BLOCK]}, their scales {@code [BLOCK]}, values {@code [BLOCK][headDim]} and their
 * scales {@code [BLOCK]}.
 */
record KvShape(int layers, int kvHeads, int headDim, KvPrecision precision) {
    /**
     * @param layers that a block holds, all of the model's or some
     */
    static KvShape of(DecoderShape config, int layers, KvPrecision precision) {
        return new KvShape(
                layers, config.attention().kvHeads(), config.attention().headDim(), precision);
    }

    /** Bytes of keys (or values) of one head in one block, with their scales. */
    long headBytes() {
        return scales() + (long) KvPrecision.SCALE_BYTES * Attention.BLOCK;
    }

    /** Bytes of keys (or values) in front of their scales. */
    long scales() {
        return (long) headDim * Attention.BLOCK * precision.bytes();
    }

    long blockBytes() {
        return 2 * headBytes() * kvHeads * layers;
    }

    /** Byte offset of a head's keys within a block; its values follow. */
    long offset(int layer, int head) {
        return 2 * headBytes() * ((long) layer * kvHeads + head);
    }
}
