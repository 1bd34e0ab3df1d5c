package dev.weft.grammar.walk;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a string that is mostly free is not: what it refuses, and where it ends by itself. */
final class Differences {
    private final TokenTrie trie;

    /** Nodes whose subtrees hold tokens that are not like those of free strings. */
    private int[] nodes = new int[16];

    private int count;

    /** Nodes of the string's last quote. */
    int[] exitNodes = new int[16];

    int[] exitDepths = new int[16];

    Scan[] exitScans = new Scan[16];
    int exits;

    /** The state at which everything may follow. */
    @Nullable Scan free;

    private Differences(TokenTrie trie) {
        this.trie = trie;
    }

    /** The differences behind a state; found once. */
    static Differences of(StringScans.Characters start, TokenTrie trie) {
        Differences known = start.differences;
        if (known == null || !known.trie.equals(trie)) {
            known = new Differences(trie);
            known.find(0, trie.rootEnd, start, 1);
            start.differences = known;
        }
        return known;
    }

    private void find(int from, int to, Scan before, int depth) {
        for (int node = from; node < to; node++) {
            int b = trie.label[node] & 0xFF;
            Scan scan = before.next(b);
            if (scan.isDead() || scan.isExit()) {
                if (b >= ' ') {
                    different(node);
                }
                if (scan.isExit()) {
                    exit(node, depth, before);
                }
            } else if (isFree(scan)) {
                free = scan;
            } else {
                find(trie.childStart[node], trie.childEnd[node], scan, depth + 1);
            }
        }
    }

    private boolean isFree(Scan scan) {
        return scan instanceof StringScans.Characters c
                && c.isFree()
                && (free == null || free.equals(scan));
    }

    private void different(int node) {
        nodes = count == nodes.length ? Arrays.copyOf(nodes, count * 2) : nodes;
        nodes[count++] = node;
    }

    private void exit(int node, int depth, Scan scan) {
        if (exits == exitNodes.length) {
            exitNodes = Arrays.copyOf(exitNodes, exits * 2);
            exitDepths = Arrays.copyOf(exitDepths, exits * 2);
            exitScans = Arrays.copyOf(exitScans, exits * 2);
        }
        exitNodes[exits] = node;
        exitDepths[exits] = depth;
        exitScans[exits++] = scan;
    }

    /** Takes back what was marked for free strings. */
    void clear(long[] bits) {
        for (int i = 0; i < count; i++) {
            for (int t = trie.tokenStart[nodes[i]]; t < trie.subtreeEnd[nodes[i]]; t++) {
                bits[trie.tokens[t] >> 6] &= ~(1L << trie.tokens[t]);
            }
        }
    }
}
