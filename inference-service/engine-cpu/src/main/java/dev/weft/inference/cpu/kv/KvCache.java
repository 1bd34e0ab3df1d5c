package dev.weft.inference.cpu.kv;

import dev.weft.inference.cpu.kernel.Attention;
import dev.weft.model.checkpoint.ModelConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of all sequences. Memory grows with use, slab by slab, up to the configured number of
 * positions, and is kept. Only the owner thread takes and gives back blocks.
 */
public final class KvCache implements AutoCloseable {
    private static final long SLAB_BYTES = 16L << 20;

    private final KvShape shape;
    private final int totalBlocks;
    private final int blocksPerSlab;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> slabs = new ArrayList<>();
    private final int[] free;
    private int freeCount;
    private int grown;

    /** A cache for that many positions, rounded down to whole blocks. */
    public KvCache(ModelConfig config, long positions) {
        this.shape = KvShape.of(config);
        this.totalBlocks = (int) Math.max(1, positions / Attention.BLOCK);
        this.blocksPerSlab = Math.clamp(SLAB_BYTES / shape.blockBytes(), 1, totalBlocks);
        this.free = new int[totalBlocks];
    }

    /** Positions there is room for. */
    public long capacity() {
        return (long) totalBlocks * Attention.BLOCK;
    }

    /** Positions in blocks that sequences hold. */
    public long used() {
        return (long) (grown - freeCount) * Attention.BLOCK;
    }

    /** Bytes that one position takes, all layers together. */
    public static long bytesPerPosition(ModelConfig config) {
        return KvShape.of(config).blockBytes() / Attention.BLOCK;
    }

    /** A sequence without positions. */
    public KvSequence sequence() {
        return new KvSequence(this, shape);
    }

    @Override
    public void close() {
        arena.close();
    }

    /** A block, or -1 where none is left. */
    int take() {
        if (freeCount == 0) {
            grow();
        }
        return freeCount == 0 ? -1 : free[--freeCount];
    }

    void giveBack(int block) {
        free[freeCount++] = block;
    }

    MemorySegment slab(int block) {
        return slabs.get(block / blocksPerSlab);
    }

    long offset(int block) {
        return block % blocksPerSlab * shape.blockBytes();
    }

    private void grow() {
        int blocks = Math.min(blocksPerSlab, totalBlocks - grown);
        if (blocks <= 0) {
            return;
        }
        slabs.add(arena.allocate(blocks * shape.blockBytes(), 64));
        for (int i = blocks - 1; i >= 0; i--) {
            giveBack(grown + i);
        }
        grown += blocks;
    }
}
