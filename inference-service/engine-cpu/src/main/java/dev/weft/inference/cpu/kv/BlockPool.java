package dev.weft.inference.cpu.kv;

import java.util.Arrays;
import java.util.LinkedHashSet;

/**
 * Counts the sequences that hold each block. A block that nobody holds is either free or idle: an
 * idle one keeps its contents, for requests with the same tokens, until its place is needed.
 */
final class BlockPool {
    private final int[] holders;
    private final int[] free;
    private int freeCount;

    /** Idle blocks, the least recently used first. */
    private final LinkedHashSet<Integer> idle = new LinkedHashSet<>();

    private int held;

    BlockPool(int totalBlocks) {
        this.holders = new int[totalBlocks];
        this.free = new int[totalBlocks];
    }

    /** Blocks that sequences hold. */
    int held() {
        return held;
    }

    /** Blocks that nobody holds and that keep their contents. */
    int idle() {
        return idle.size();
    }

    /** Adds blocks, all free; the lowest is taken first. */
    void add(int from, int to) {
        for (int block = to - 1; block >= from; block--) {
            free[freeCount++] = block;
        }
    }

    /** Takes a free block, which the caller holds now; -1 if none is free. */
    int takeFree() {
        return freeCount == 0 ? -1 : hold(free[--freeCount]);
    }

    /** Takes the least recently used idle block, which the caller holds now; -1 if none is idle. */
    int takeIdle() {
        return idle.isEmpty() ? -1 : hold(idle.getFirst());
    }

    /** Counts one more sequence that holds the block. */
    int hold(int block) {
        if (holders[block]++ == 0) {
            idle.remove(block);
            held++;
        }
        return block;
    }

    /**
     * Counts one sequence less that holds the block.
     *
     * @param keep whether the block becomes idle, not free, if that sequence was the last
     */
    void leave(int block, boolean keep) {
        if (holders[block] == 0) {
            throw new IllegalStateException(
                    "block " + block + " is held by nobody: " + Arrays.toString(holders));
        }
        if (--holders[block] > 0) {
            return;
        }
        held--;
        if (keep) {
            idle.addLast(block);
        } else {
            free[freeCount++] = block;
        }
    }
}
