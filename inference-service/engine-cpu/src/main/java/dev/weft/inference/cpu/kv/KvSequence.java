package dev.weft.inference.cpu.kv;

import dev.weft.inference.cpu.kernel.Attention;
import dev.weft.inference.cpu.kernel.VectorMath;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The cached keys and values of one request. */
public final class KvSequence {
    private final KvCache cache;
    private final KvShape shape;
    private int[] blocks = new int[8];
    private int count;

    KvSequence(KvCache cache, KvShape shape) {
        this.cache = cache;
        this.shape = shape;
    }

    /**
     * Makes room for positions 0 to {@code length - 1}.
     *
     * @return false where the cache is full; what was held before is still held
     */
    public boolean reserve(int length) {
        int needed = (length + Attention.BLOCK - 1) / Attention.BLOCK;
        while (count < needed) {
            int block = cache.take();
            if (block < 0) {
                return false;
            }
            if (count == blocks.length) {
                blocks = Arrays.copyOf(blocks, 2 * count);
            }
            blocks[count++] = block;
        }
        return true;
    }

    /** Gives every block back. */
    public void release() {
        while (count > 0) {
            cache.giveBack(blocks[--count]);
        }
    }

    /**
     * Stores key and value of one position, layer and head.
     *
     * @param key byte offset of {@code headDim} floats in {@code source}; so is {@code value}
     */
    public void store(
            int layer, int head, int position, MemorySegment source, long key, long value) {
        int block = blocks[position / Attention.BLOCK];
        int slot = position % Attention.BLOCK;
        MemorySegment slab = cache.slab(block);
        long keys = cache.offset(block) + shape.offset(layer, head);
        VectorMath.scatterBf16(
                source, key, slab, keys + 2L * slot, Attention.BLOCK, shape.headDim());
        long values = keys + shape.headBytes() + 2L * slot * shape.headDim();
        VectorMath.scatterBf16(source, value, slab, values, 1, shape.headDim());
    }

    /** The blocks of one layer and head, for attention. */
    public Attention.Blocks blocks(int layer, int head) {
        return new View(shape.offset(layer, head));
    }

    private final class View implements Attention.Blocks {
        private final long head;

        private View(long head) {
            this.head = head;
        }

        @Override
        public MemorySegment segment(int index) {
            return cache.slab(blocks[index]);
        }

        @Override
        public long keys(int index) {
            return cache.offset(blocks[index]) + head;
        }

        @Override
        public long values(int index) {
            return keys(index) + shape.headBytes();
        }
    }
}
