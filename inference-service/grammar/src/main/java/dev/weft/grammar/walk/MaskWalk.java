package dev.weft.grammar.walk;

import dev.weft.grammar.scan.Scan;
import org.jspecify.annotations.Nullable;

/**
 * A walk from a state through a trie. If any number of characters of a class may follow, tokens
 * with nothing else behind are marked without a walk.
 */
final class MaskWalk {
    /** If a node has no more tokens than this below it, its state isn't asked what may follow. */
    private static final int MANY = 48;

    private final CharacterSlices slices;
    private final TokenTrie trie;
    private final @Nullable TrieTails tails;
    private final long[] bits;
    private int nodes;

    /**
     * A walk.
     *
     * @param tails of the trie; null for a walk of every node
     * @param bits a bit for each token
     */
    MaskWalk(CharacterSlices slices, TokenTrie trie, @Nullable TrieTails tails, long[] bits) {
        this.slices = slices;
        this.trie = trie;
        this.tails = tails;
        this.bits = bits;
    }

    /** Marks what may follow a state at the root. */
    void from(WholeScan start) {
        walk(0, trie.rootEnd, 0, start);
    }

    /** Number of nodes that the walk looked at. */
    int nodes() {
        return nodes;
    }

    private void mark(int from, int to) {
        for (int i = from; i < to; i++) {
            bits[trie.tokens[i] >> 6] |= 1L << trie.tokens[i];
        }
    }

    private void walk(int from, int to, int depth, Scan before) {
        nodes += to - from;
        for (int node = from; node < to; node++) {
            Scan scan = before.next(trie.label[node] & 0xFF);
            if (!scan.isDead()) {
                mark(trie.tokenStart[node], trie.tokenEnd[node]);
                below(node, depth + 1, scan);
            }
        }
    }

    private void below(int node, int depth, Scan scan) {
        int from = trie.childStart[node];
        int to = trie.childEnd[node];
        if (from == to) {
            return;
        }
        boolean many = trie.subtreeEnd[node] - trie.tokenEnd[node] > MANY;
        if (tails != null && many && scan instanceof WholeScan state) {
            int number = state.slice(slices);
            if (number >= 0) {
                within(tails, number, depth, from, to, depth, scan);
                return;
            }
        }
        walk(from, to, depth, scan);
    }

    /**
     * Walks below a state that any number of characters of a class may follow.
     *
     * @param start depth of that state
     */
    private void within(
            TrieTails known, int number, int start, int from, int to, int depth, Scan before) {
        nodes += to - from;
        for (int node = from; node < to; node++) {
            if (known.isInside(number, node, start)) {
                mark(trie.tokenStart[node], trie.subtreeEnd[node]);
                continue;
            }
            int b = trie.label[node] & 0xFF;
            Scan scan = before.next(b);
            if (scan.isDead()) {
                continue;
            }
            mark(trie.tokenStart[node], trie.tokenEnd[node]);
            if (known.has(number, b)) {
                within(
                        known,
                        number,
                        start,
                        trie.childStart[node],
                        trie.childEnd[node],
                        depth + 1,
                        scan);
            } else {
                below(node, depth + 1, scan);
            }
        }
    }
}
