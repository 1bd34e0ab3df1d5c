package dev.weft.inference.cpu.kv;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.inference.cpu.kernel.attention.Attention;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.protocol.adapter.AdapterDigest;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of all sequences. A sequence that needs a block gets a free one, else new memory up to
 * the configured number of positions, else the place of the least recently used idle block. Only
 * the owner thread takes and gives back blocks.
 */
public final class KvCache implements AutoCloseable {
    private final AtomicInteger era = new AtomicInteger();
    private final KvShape shape;
    private final int totalBlocks;
    private final boolean sharing;
    private final KvSpan span;
    private final KvSlabs slabs;
    private final BlockPool pool;
    private final PrefixIndex index;
    private long evicted;

    /** A cache in int16. */
    public KvCache(DecoderShape config, long positions, boolean sharing) {
        this(config, positions, sharing, KvPrecision.INT16, KvSpan.ALL);
    }

    /**
     * A cache for that many positions, rounded down to whole blocks.
     *
     * @param sharing whether sequences that begin with the same tokens share blocks
     * @param span what the model reads of a sequence's past
     */
    public KvCache(
            DecoderShape config,
            long positions,
            boolean sharing,
            KvPrecision precision,
            KvSpan span) {
        this.span = span;
        this.shape = KvShape.of(config, precision);
        this.totalBlocks = (int) Math.max(1, positions / Attention.BLOCK);
        this.sharing = sharing;
        this.slabs = new KvSlabs(shape, totalBlocks);
        this.pool = new BlockPool(totalBlocks);
        this.index = new PrefixIndex(totalBlocks);
    }

    /** Positions that the cache has room for. */
    public long capacity() {
        return (long) totalBlocks * Attention.BLOCK;
    }

    /** Positions in blocks that sequences hold; a block that several hold counts once. */
    public long used() {
        return (long) pool.held() * Attention.BLOCK;
    }

    /** Positions in blocks that keep prefixes which no sequence holds. */
    public long cached() {
        return (long) pool.idle() * Attention.BLOCK;
    }

    /** Blocks so far whose contents gave way to others. */
    public long evicted() {
        return evicted;
    }

    /** Bytes that one position takes in all layers. */
    public static long bytesPerPosition(DecoderShape config, KvPrecision precision) {
        return KvShape.of(config, precision).blockBytes() / Attention.BLOCK;
    }

    /**
     * A sequence without positions.
     *
     * @param owners it shares blocks only with sequences of the same
     * @param adapter null for the base
     */
    public KvSequence sequence(String owners, @Nullable AdapterDigest adapter) {
        return sequence(owners, adapter, 0);
    }

    /**
     * A sequence without positions, whose adapter is not active from the start on.
     *
     * @param adapterFrom the first position with the adapter; those before are the base's
     */
    public KvSequence sequence(String owners, @Nullable AdapterDigest adapter, int adapterFrom) {
        return new KvSequence(this, shape, new KvSequence.User(owners, adapter, adapterFrom));
    }

    /**
     * Lets sequences from now on share nothing with earlier ones: the same adapter runs on other
     * weights, merged or not, which round differently. Owner thread only.
     */
    public void beginEra() {
        era.incrementAndGet();
    }

    int era() {
        return era.get();
    }

    @Override
    public void close() {
        slabs.close();
    }

    KvSpan span() {
        return span;
    }

    boolean sharing() {
        return sharing;
    }

    /** A block for the caller alone; -1 if sequences hold all of them. */
    int take() {
        int block = pool.takeFree();
        if (block < 0) {
            int from = slabs.blocks();
            if (slabs.grow()) {
                pool.add(from, slabs.blocks());
                block = pool.takeFree();
            } else {
                block = evict();
            }
        }
        return block;
    }

    /** The published block for a key; the caller holds it too now. */
    Optional<Prefix.Published> hold(Prefix.Key key) {
        Optional<Prefix.Published> found = index.find(key);
        found.ifPresent(published -> pool.hold(published.block()));
        return found;
    }

    /**
     * Publishes a block that the caller holds. If another one holds the same already, the caller
     * holds that one from now on, instead of its own.
     */
    Prefix.Published publish(Prefix.Key key, int block) {
        Prefix.Published published = index.publish(key, block);
        if (published.block() != block) {
            pool.hold(published.block());
            leave(block);
        }
        return published;
    }

    /** Gives up the caller's hold of the block. */
    void leave(int block) {
        pool.leave(block, index.holds(block));
    }

    MemorySegment slab(int block) {
        return slabs.slab(block);
    }

    long offset(int block) {
        return slabs.offset(block);
    }

    private int evict() {
        int block = pool.takeIdle();
        if (block >= 0) {
            index.forget(block);
            evicted++;
        }
        return block;
    }
}
