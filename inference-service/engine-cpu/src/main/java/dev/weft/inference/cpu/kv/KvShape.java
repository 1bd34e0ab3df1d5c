package dev.weft.inference.cpu.kv;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.attention.Attention;

/**
 * How a block of {@link Attention#BLOCK} positions is laid out, in bf16: for each layer and KV head
 * keys {@code [headDim][BLOCK]}, then values {@code [BLOCK][headDim]}.
 */
record KvShape(int layers, int kvHeads, int headDim) {
    static KvShape of(DecoderShape config) {
        return new KvShape(
                config.layers(), config.attention().kvHeads(), config.attention().headDim());
    }

    /** Bytes of keys (or values) of one head in one block. */
    long headBytes() {
        return (long) headDim * Attention.BLOCK * Short.BYTES;
    }

    long blockBytes() {
        return 2 * headBytes() * kvHeads * layers;
    }

    /** Byte offset of a head's keys within a block; its values follow. */
    long offset(int layer, int head) {
        return 2 * headBytes() * ((long) layer * kvHeads + head);
    }
}
