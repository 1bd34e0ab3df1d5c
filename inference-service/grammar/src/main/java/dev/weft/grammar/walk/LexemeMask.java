package dev.weft.grammar.walk;

import java.util.Arrays;

/** The tokens that stay within a string from one of its states on, and where others leave it. */
final class LexemeMask {
    private final TokenTrie trie;
    private final long[] inside;
    private int[] exitNodes = new int[16];
    private int[] exitDepths = new int[16];
    private Scan[] exitScans = new Scan[16];
    private int exits;

    /** Does something at the node of a string's last quote. */
    interface Exit {
        void at(TokenTrie trie, int node, int depth, Scan scan);
    }

    /**
     * Walks a trie.
     *
     * @param inside tokens that stay within; becomes this mask's own
     */
    LexemeMask(Scan start, TokenTrie trie, long[] inside) {
        this.trie = trie;
        this.inside = inside;
        find(0, trie.rootEnd, start, 1);
    }

    private void find(int from, int to, Scan before, int depth) {
        for (int node = from; node < to; node++) {
            Scan scan = before.next(trie.label[node] & 0xFF);
            if (scan.isExit()) {
                exit(node, depth, before);
            } else if (!scan.isDead()) {
                for (int i = trie.tokenStart[node]; i < trie.tokenEnd[node]; i++) {
                    inside[trie.tokens[i] >> 6] |= 1L << trie.tokens[i];
                }
                int end = trie.childEnd[node];
                if (trie.childStart[node] < end) {
                    find(trie.childStart[node], end, scan, depth + 1);
                }
            }
        }
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

    void mark(long[] bits, Exit exit) {
        System.arraycopy(inside, 0, bits, 0, inside.length);
        for (int i = 0; i < exits; i++) {
            exit.at(trie, exitNodes[i], exitDepths[i], exitScans[i]);
        }
    }
}
