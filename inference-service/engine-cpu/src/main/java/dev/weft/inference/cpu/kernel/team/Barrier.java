package dev.weft.inference.cpu.kernel.team;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts arrivals in a tree of up to four at each node, so that many members don't wait for one
 * cache line, and tells all by one number when the last has come. Each counter has two cache lines
 * of its own, since processors fetch them in pairs.
 */
final class Barrier {
    /** Arrivals at a node, at most. */
    static final int ARITY = 4;

    /** Ints from one counter to the next: 128 bytes. */
    private static final int STRIDE = 32;

    /** Expected arrivals of each node; the last is the root. */
    private final int[] expected;

    /** The node that the last to arrive at a node goes on to; the root's is behind the last. */
    private final int[] parent;

    private final AtomicIntegerArray counters;
    private final int phaseAt;

    Barrier(int members) {
        int nodes = 0;
        for (int width = members; nodes == 0 || width > 1; ) {
            width = (width + ARITY - 1) / ARITY;
            nodes += width;
        }
        this.expected = new int[nodes];
        this.parent = new int[nodes];
        int level = 0;
        int width = members;
        do {
            int above = (width + ARITY - 1) / ARITY;
            for (int i = 0; i < above; i++) {
                expected[level + i] = Math.min(ARITY, width - i * ARITY);
                parent[level + i] = level + above + i / ARITY;
            }
            level += above;
            width = above;
        } while (width > 1);
        this.phaseAt = (nodes + 1) * STRIDE;
        this.counters = new AtomicIntegerArray(phaseAt + STRIDE);
    }

    /** Changes when all have arrived; a member reads it before it arrives. */
    int phase() {
        return counters.get(phaseAt);
    }

    /**
     * A member has come.
     *
     * @return whether it was the last one, so that the phase has changed
     */
    boolean arrive(int member) {
        int node = member / ARITY;
        while (counters.incrementAndGet(at(node)) == expected[node]) {
            counters.set(at(node), 0);
            if (node + 1 == expected.length) {
                counters.incrementAndGet(phaseAt);
                return true;
            }
            node = parent[node];
        }
        return false;
    }

    /** Forgets arrivals, while no member is under way. */
    void reset() {
        for (int node = 0; node < expected.length; node++) {
            counters.set(at(node), 0);
        }
    }

    private static int at(int node) {
        return (node + 1) * STRIDE;
    }
}
