package dev.weft.inference.cpu.kv;

import dev.weft.inference.cpu.kernel.matrix.LargePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The blocks' memory, outside the heap. It grows slab by slab and never shrinks. */
final class KvSlabs implements AutoCloseable {
    private static final long SLAB_BYTES = 16L << 20;

    private final KvShape shape;
    private final int totalBlocks;
    private final int blocksPerSlab;
    private final Arena arena = new LargePages(0);
    private final List<MemorySegment> slabs = new ArrayList<>();
    private int blocks;

    KvSlabs(KvShape shape, int totalBlocks) {
        this.shape = shape;
        this.totalBlocks = totalBlocks;
        this.blocksPerSlab = Math.clamp(SLAB_BYTES / shape.blockBytes(), 1, totalBlocks);
    }

    /** Blocks that have memory now; they are numbered from 0. */
    int blocks() {
        return blocks;
    }

    /** Adds a slab; false if the cache has all its blocks. */
    boolean grow() {
        int more = Math.min(blocksPerSlab, totalBlocks - blocks);
        if (more == 0) {
            return false;
        }
        slabs.add(arena.allocate(more * shape.blockBytes(), 64));
        blocks += more;
        return true;
    }

    MemorySegment slab(int block) {
        return slabs.get(block / blocksPerSlab);
    }

    /** Byte offset of a block within its slab. */
    long offset(int block) {
        return block % blocksPerSlab * shape.blockBytes();
    }

    @Override
    public void close() {
        arena.close();
    }
}
