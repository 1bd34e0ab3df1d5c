package dev.weft.grammar.walk;

import dev.weft.grammar.expression.Room;
import dev.weft.grammar.scan.Scan;
import java.util.Arrays;

/**
 * The tokens that stay within a string, from one of its states on, and the nodes at which other
 * tokens end it.
 */
final class LexemeMask {
    /** If a node has no more tokens than this below it, its state isn't asked what may follow. */
    private static final int MANY = 16;

    private final StringTokens tokens;
    private final TokenTrie trie;
    private final long[] inside;

    /** Whether all tokens of free strings are marked, and those that may not follow are cleared. */
    private final boolean clears;

    private int nodes;
    private int[] exitNodes = new int[16];
    private int[] exitDepths = new int[16];
    private Scan[] exitScans = new Scan[16];
    private int exits;

    /** Does something at the node of a string's last quote. */
    interface Exit {
        void at(TokenTrie trie, int node, int depth, Scan scan);
    }

    /**
     * Finds the tokens of a state.
     *
     * @param inside gets those that stay within the string, all others become 0; only read later
     */
    LexemeMask(StringScans.Characters start, StringTokens tokens, long[] inside) {
        this.tokens = tokens;
        this.trie = tokens.trie();
        this.inside = inside;
        Room room = start.room();
        this.clears = room.isWide();
        if (clears) {
            System.arraycopy(tokens.free(), 0, inside, 0, tokens.free().length);
        } else {
            Arrays.fill(inside, 0);
        }
        find(0, trie.rootEnd, start, room, 1);
    }

    /** A copy with bits of its own, which a state can keep. */
    LexemeMask(LexemeMask found) {
        this.tokens = found.tokens;
        this.trie = found.trie;
        this.clears = found.clears;
        this.inside = Arrays.copyOf(found.inside, found.tokens.free().length);
        this.exitNodes = found.exitNodes;
        this.exitDepths = found.exitDepths;
        this.exitScans = found.exitScans;
        this.exits = found.exits;
    }

    /** Number of nodes of the trie that the walk looked at. */
    int nodes() {
        return nodes;
    }

    /**
     * Walks siblings.
     *
     * @param room of the last state between characters
     */
    private void find(int from, int to, Scan before, Room room, int depth) {
        nodes += to - from;
        for (int node = from; node < to; node++) {
            if (tokens.areIn(room, node)) {
                allowed(trie.tokenStart[node], trie.subtreeEnd[node]);
                continue;
            }
            Scan scan = before.next(trie.label[node] & 0xFF);
            if (scan.isExit()) {
                exit(node, depth, before);
            } else if (scan.isDead()) {
                refused(trie.tokenStart[node], trie.subtreeEnd[node]);
            } else {
                allowed(trie.tokenStart[node], trie.tokenEnd[node]);
                int end = trie.childEnd[node];
                if (trie.childStart[node] < end) {
                    Room own = tokens.isWithin(node) ? room : room(scan, node);
                    find(trie.childStart[node], end, scan, own, depth + 1);
                }
            }
        }
    }

    private Room room(Scan scan, int node) {
        boolean many = trie.subtreeEnd[node] - trie.tokenEnd[node] > MANY;
        return many && scan instanceof StringScans.Characters c ? c.room() : Room.NONE;
    }

    private void allowed(int from, int to) {
        for (int i = from; !clears && i < to; i++) {
            inside[trie.tokens[i] >> 6] |= 1L << trie.tokens[i];
        }
    }

    private void refused(int from, int to) {
        for (int i = from; clears && i < to; i++) {
            inside[trie.tokens[i] >> 6] &= ~(1L << trie.tokens[i]);
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

    /** Writes the tokens that stay within the string. */
    void copyTo(long[] bits) {
        System.arraycopy(inside, 0, bits, 0, inside.length);
    }

    /** Goes through the nodes at which the string ends. */
    void leave(Exit exit) {
        for (int i = 0; i < exits; i++) {
            exit.at(trie, exitNodes[i], exitDepths[i], exitScans[i]);
        }
    }
}
