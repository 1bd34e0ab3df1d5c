package dev.weft.inference.cpu.kv;

import dev.weft.inference.cpu.kernel.attention.Attention;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The blocks of some layers of all sequences. A sequence that needs a block gets a free one, else
 * new memory up to the configured number of positions, else the place of the least recently used
 * idle block. Only the owner thread takes and gives back blocks.
 */
final class KvRegion implements AutoCloseable {
    private final KvLayers layers;
    private final KvShape shape;
    private final int totalBlocks;
    private final KvSlabs slabs;
    private final BlockPool pool;
    private final PrefixIndex index;
    private long evicted;

    /**
     * @param positions rounded down to whole blocks
     */
    KvRegion(KvLayers layers, KvShape shape, long positions) {
        this.layers = layers;
        this.shape = shape;
        this.totalBlocks = (int) Math.max(1, positions / Attention.BLOCK);
        this.slabs = new KvSlabs(shape, totalBlocks);
        this.pool = new BlockPool(totalBlocks);
        this.index = new PrefixIndex(totalBlocks);
    }

    KvLayers layers() {
        return layers;
    }

    KvShape shape() {
        return shape;
    }

    int totalBlocks() {
        return totalBlocks;
    }

    /** Blocks that sequences hold; a block that several hold counts once. */
    int held() {
        return pool.held();
    }

    /** Blocks that keep prefixes which no sequence holds. */
    int idle() {
        return pool.idle();
    }

    /** Blocks so far whose contents gave way to others. */
    long evicted() {
        return evicted;
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

    /** Whether a block is published for a key. */
    boolean has(Prefix.Key key) {
        return index.find(key).isPresent();
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

    @Override
    public void close() {
        slabs.close();
    }
}
