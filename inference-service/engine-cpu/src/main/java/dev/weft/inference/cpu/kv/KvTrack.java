package dev.weft.inference.cpu.kv;

import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.inference.cpu.kernel.math.Conversions;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The blocks that one sequence holds in a region, by their place in the sequence. */
final class KvTrack {
    private final KvRegion region;
    private final KvShape shape;
    private int[] blocks = new int[8];
    private MemorySegment[] slabs = new MemorySegment[8];
    private long[] offsets = new long[8];
    private int count;

    /** Leading blocks that it doesn't hold: given back already, or never taken. */
    private int left;

    KvTrack(KvRegion region) {
        this.region = region;
        this.shape = region.shape();
    }

    /** Blocks up to the end of the last one that it holds. */
    int count() {
        return count;
    }

    /**
     * Makes room for so many blocks.
     *
     * @return false if sequences hold the whole region; blocks held before stay held
     */
    boolean reserve(int needed) {
        while (count < needed) {
            int block = region.take();
            if (block < 0) {
                return false;
            }
            append(block);
        }
        return true;
    }

    /** Holds a block that is published for a key, as the next one. */
    Prefix.Published reuse(Prefix.Key key) {
        Prefix.Published next =
                region.hold(key)
                        .orElseThrow(() -> new IllegalStateException("no block for " + key));
        append(next.block());
        return next;
    }

    /** Index of the first of the leading {@code end} blocks that a row after them reads. */
    int firstRead(int end) {
        return region.layers().behind(end * Attention.BLOCK) / Attention.BLOCK;
    }

    /** Does without the blocks before {@code to}, which no row reads any more. */
    void skip(int to) {
        leaveBefore(to);
        while (count < to) {
            append(-1);
        }
        left = Math.max(left, to);
    }

    /** Lets others share a block; it may be another one from now on, with the same contents. */
    Prefix.Published publish(int place, Prefix.Key key) {
        Prefix.Published published = region.publish(key, blocks[place]);
        // Another sequence may have computed the same positions in the same step.
        place(place, published.block());
        return published;
    }

    /** Gives the blocks back that no later row reads once so many positions are computed. */
    void leaveBehind(int computed) {
        leaveBefore(region.layers().behind(computed) / Attention.BLOCK);
    }

    private void leaveBefore(int place) {
        while (left < Math.min(place, count)) {
            region.leave(blocks[left++]);
        }
    }

    /** Gives blocks back, the last first, until so many are left. */
    void shorten(int to) {
        while (count > Math.max(to, left)) {
            region.leave(blocks[--count]);
        }
        count = Math.min(count, to);
        left = Math.min(left, to);
    }

    /** Stores key and value of one position; see {@link KvSequence#store}. */
    void store(int layer, int head, int position, MemorySegment source, long key, long value) {
        int index = position / Attention.BLOCK;
        int slot = position % Attention.BLOCK;
        MemorySegment slab = slabs[index];
        long keys = offsets[index] + shape.offset(layer, head);
        long values = keys + shape.headBytes();
        int elements = shape.headDim();
        float keyScale = scale(source, key, slab, keys, slot);
        float valueScale = scale(source, value, slab, values, slot);
        int bytes = shape.precision().bytes();
        long keyAt = keys + (long) bytes * slot;
        long valueAt = values + (long) bytes * slot * elements;
        switch (shape.precision()) {
            case INT16 -> {
                Conversions.scatterInt16(
                        source, key, slab, keyAt, Attention.BLOCK, elements, keyScale);
                Conversions.toInt16(source, value, slab, valueAt, elements, valueScale);
            }
            case INT8 -> {
                Conversions.scatterInt8(
                        source, key, slab, keyAt, Attention.BLOCK, elements, keyScale);
                Conversions.toInt8(source, value, slab, valueAt, elements, valueScale);
            }
        }
    }

    /** Stores the scale of one position's key or value, and returns it. */
    private float scale(MemorySegment source, long from, MemorySegment slab, long head, int slot) {
        float largest = VectorMath.largest(source, from, shape.headDim());
        float scale = shape.precision().scale(largest);
        slab.set(ValueLayout.JAVA_FLOAT, head + shape.scales() + 4L * slot, scale);
        return scale;
    }

    /** The blocks of one layer of the region and a head; see {@link KvSequence#blocks}. */
    Attention.Blocks blocks(int layer, int head, int first) {
        return new View(shape.offset(layer, head), first);
    }

    private void append(int block) {
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * count);
            slabs = Arrays.copyOf(slabs, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        count++;
        if (block >= 0) {
            place(count - 1, block);
        }
    }

    private void place(int index, int block) {
        blocks[index] = block;
        slabs[index] = region.slab(block);
        offsets[index] = region.offset(block);
    }

    private final class View implements Attention.Blocks {
        private final long head;
        private final int first;

        private View(long head, int first) {
            this.head = head;
            this.first = first;
        }

        @Override
        public KvPrecision precision() {
            return shape.precision();
        }

        @Override
        public MemorySegment segment(int index) {
            return slabs[first + index];
        }

        @Override
        public long keys(int index) {
            return offsets[first + index] + head;
        }

        @Override
        public long values(int index) {
            return keys(index) + shape.headBytes();
        }

        @Override
        public long keyScales(int index) {
            return keys(index) + shape.scales();
        }

        @Override
        public long valueScales(int index) {
            return values(index) + shape.scales();
        }
    }
}
