package dev.weft.inference.cpu.kv;

import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.protocol.adapter.AdapterDigest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cached keys and values of one request. Its leading full blocks may be shared with others:
 * they are never written again.
 */
public final class KvSequence {
    private final KvCache cache;
    private final KvShape shape;
    private final User user;
    private final int era;
    private int[] blocks = new int[8];
    private MemorySegment[] slabs = new MemorySegment[8];
    private long[] offsets = new long[8];
    private int count;

    /** Leading blocks that are given back already. */
    private int left;

    /** See {@link #stretch}. */
    private boolean isStretched;

    /** Leading blocks that are published, and the prefix up to their end. */
    private int published;

    private Prefix prefix;

    /**
     * Whose a sequence is.
     *
     * @param owners see {@link KvCache#sequence(String, AdapterDigest)}
     * @param adapterFrom the first position with the adapter
     */
    record User(String owners, @Nullable AdapterDigest adapter, int adapterFrom) {}

    KvSequence(KvCache cache, KvShape shape, User user) {
        this.cache = cache;
        this.shape = shape;
        this.user = user;
        this.era = cache.era();
        this.prefix = start();
    }

    private Prefix start() {
        AdapterDigest first = user.adapterFrom == 0 ? user.adapter : null;
        return new Prefix.Start(user.owners, first, era, isStretched);
    }

    /** The first position with the adapter; those before are the base's. */
    public int adapterFrom() {
        return user.adapterFrom;
    }

    /**
     * Tells how long the request is now. Beyond some length the positions of some models are
     * rotated in another way, all of them: blocks that were stored before are of no use then.
     *
     * @return false if the sequence holds such blocks: it has to be {@linkplain #release released},
     *     and told again
     */
    public boolean stretch(int length) {
        if (isStretched || length <= cache.span().stretchesBeyond()) {
            return true;
        }
        if (count > 0) {
            return false;
        }
        isStretched = true;
        prefix = start();
        return true;
    }

    /** Tokens that a request of this length may get before it has to be {@link #stretch}ed. */
    public int room(int length) {
        return isStretched ? Integer.MAX_VALUE : cache.span().stretchesBeyond() - length;
    }

    /** Whether its positions are rotated as those of a long sequence. */
    public boolean isStretched() {
        return isStretched;
    }

    /**
     * Reuses blocks that hold the request's next tokens already. Call it only if all positions so
     * far are {@linkplain #publish published} or there are none. At least one position is left out,
     * since its logits are wanted.
     *
     * @param tokens of the request; the first {@code length} count
     * @return positions gained; a multiple of the block
     */
    public int reuse(int[] tokens, int length) {
        int before = published;
        int most = (length - 1) / Attention.BLOCK;
        while (published == count && published < most) {
            Optional<Prefix.Published> next = cache.hold(key(tokens));
            if (next.isEmpty()) {
                break;
            }
            append(next.get().block());
            passed(next.get());
        }
        return (published - before) * Attention.BLOCK;
    }

    /**
     * Lets others share the blocks that are full.
     *
     * @param tokens of the request; keys and values of the first {@code computed} are stored
     */
    public void publish(int[] tokens, int computed) {
        while (cache.sharing() && (published + 1) * Attention.BLOCK <= computed) {
            Prefix.Published next = cache.publish(key(tokens), blocks[published]);
            // Another sequence may have computed the same positions in the same step.
            place(published, next.block());
            passed(next);
        }
    }

    /**
     * Makes room for positions 0 to {@code length - 1}.
     *
     * @return false if sequences hold the whole cache; blocks held before stay held
     */
    public boolean reserve(int length) {
        int needed = (length + Attention.BLOCK - 1) / Attention.BLOCK;
        while (count < needed) {
            int block = cache.take();
            if (block < 0) {
                return false;
            }
            append(block);
        }
        return true;
    }

    /**
     * Gives the blocks back that no layer reads any more, if all layers see a window only. What is
     * shared has to be {@linkplain #publish published} before.
     *
     * @param computed positions that are stored
     */
    public void leaveBehind(int computed) {
        int behind = cache.span().behind(computed) / Attention.BLOCK;
        while (left < Math.min(behind, count)) {
            cache.leave(blocks[left++]);
        }
    }

    /**
     * Gives every block back, the last first, so that ends of idle prefixes are evicted before
     * their roots.
     */
    public void release() {
        while (count > left) {
            cache.leave(blocks[--count]);
        }
        count = 0;
        left = 0;
        published = 0;
        prefix = start();
    }

    /**
     * Stores key and value of one position, layer and head.
     *
     * @param key byte offset of {@code headDim} floats in {@code source}; the same for {@code
     *     value}
     */
    public void store(
            int layer, int head, int position, MemorySegment source, long key, long value) {
        int index = position / Attention.BLOCK;
        int slot = position % Attention.BLOCK;
        MemorySegment slab = slabs[index];
        long keys = offsets[index] + shape.offset(layer, head);
        long values = keys + shape.headBytes();
        int count = shape.headDim();
        float keyScale = scale(source, key, slab, keys, slot);
        float valueScale = scale(source, value, slab, values, slot);
        int bytes = shape.precision().bytes();
        long keyAt = keys + (long) bytes * slot;
        long valueAt = values + (long) bytes * slot * count;
        switch (shape.precision()) {
            case INT16 -> {
                VectorMath.scatterInt16(source, key, slab, keyAt, Attention.BLOCK, count, keyScale);
                VectorMath.toInt16(source, value, slab, valueAt, count, valueScale);
            }
            case INT8 -> {
                VectorMath.scatterInt8(source, key, slab, keyAt, Attention.BLOCK, count, keyScale);
                VectorMath.toInt8(source, value, slab, valueAt, count, valueScale);
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

    /**
     * The blocks of one layer and head, for attention.
     *
     * @param first the block that is number 0 of the result
     */
    public Attention.Blocks blocks(int layer, int head, int first) {
        return new View(shape.offset(layer, head), first);
    }

    private void append(int block) {
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * count);
            slabs = Arrays.copyOf(slabs, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        place(count++, block);
    }

    private void place(int index, int block) {
        blocks[index] = block;
        slabs[index] = cache.slab(block);
        offsets[index] = cache.offset(block);
    }

    private void passed(Prefix.Published next) {
        prefix = next;
        published++;
    }

    private Prefix.Key key(int[] tokens) {
        int from = published * Attention.BLOCK;
        AdapterDigest adapter = user.adapter;
        boolean begins = user.adapterFrom > 0 && published == user.adapterFrom / Attention.BLOCK;
        Prefix before =
                begins && adapter != null
                        ? new Prefix.Under(prefix, adapter, user.adapterFrom)
                        : prefix;
        return new Prefix.Key(
                before, Arrays.stream(tokens, from, from + Attention.BLOCK).boxed().toList());
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
