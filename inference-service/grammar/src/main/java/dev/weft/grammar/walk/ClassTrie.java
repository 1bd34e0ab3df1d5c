package dev.weft.grammar.walk;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tokens by classes of bytes: those that a pattern doesn't tell apart share a node, so that a walk
 * looks at some thousand nodes in the place of all tokens' bytes. Tokens with quotes, backslashes
 * or controls are not in it, nor very long ones. Immutable once made.
 */
final class ClassTrie {
    /** Of a token; longer ones are left to other tries. */
    static final int MOST_BYTES = 24;

    /** Tokens of a node from which on it has their bits at hand. */
    private static final int MANY = 1_000;

    /** {@code [nodes]}: a byte of the class that leads to a node. */
    private byte[] label = new byte[1 << 12];

    private int[] childStart = new int[1 << 12];
    private int[] childEnd = new int[1 << 12];
    private int[] tokenStart = new int[1 << 12];
    private int[] tokenEnd = new int[1 << 12];
    private int made;
    private final int[] tokens;
    private int tokensMade;
    private final int rootEnd;

    /** {@code [nodes]}: the tokens of a node as bits, where they are many. */
    private final long @Nullable [][] bits;

    /**
     * Groups the tokens of a trie.
     *
     * @param classes {@code [256]}: the class of each byte
     * @param words of a vocabulary's bits
     */
    ClassTrie(TokenTrie trie, byte[] classes, int words) {
        tokens = new int[trie.tokens.length];
        Maker maker = new Maker(trie, classes);
        maker.put(0, 0, trie.rootEnd);
        rootEnd = maker.nodes(0);
        label = Arrays.copyOf(label, made);
        childStart = Arrays.copyOf(childStart, made);
        childEnd = Arrays.copyOf(childEnd, made);
        tokenStart = Arrays.copyOf(tokenStart, made);
        tokenEnd = Arrays.copyOf(tokenEnd, made);
        bits = new long[made][];
        for (int node = 0; node < made; node++) {
            if (tokenEnd[node] - tokenStart[node] >= MANY) {
                long[] own = new long[words];
                mark(node, own);
                bits[node] = own;
            }
        }
    }

    /** Whether tokens with this byte are in no trie of classes. */
    static boolean isApart(byte b) {
        return b == '"' || b == '\\' || (b >= 0 && b < ' ');
    }

    int size() {
        return made;
    }

    /** Marks the tokens that stay within a string from a state on. */
    void mark(Scan start, long[] inside) {
        mark(0, rootEnd, start, inside);
    }

    private void mark(int from, int to, Scan before, long[] inside) {
        for (int node = from; node < to; node++) {
            Scan scan = before.next(label[node] & 0xFF);
            if (!scan.isDead()) {
                mark(node, inside);
                if (childStart[node] < childEnd[node]) {
                    mark(childStart[node], childEnd[node], scan, inside);
                }
            }
        }
    }

    private void mark(int node, long[] inside) {
        long[] own = bits == null ? null : bits[node];
        if (own != null) {
            for (int i = 0; i < own.length; i++) {
                inside[i] |= own[i];
            }
            return;
        }
        for (int i = tokenStart[node]; i < tokenEnd[node]; i++) {
            inside[tokens[i] >> 6] |= 1L << tokens[i];
        }
    }

    /** Makes the nodes, each of the nodes of the trie that classes don't tell apart. */
    private final class Maker {
        private final TokenTrie trie;
        private final byte[] classes;

        /** {@code [nodes of the trie]}: the next one that shares a node here; -1 for none. */
        private final int[] next;

        /** {@code [depth][class]}: the first node of the trie of a class; -1 for none. */
        private final int[][] heads = new int[MOST_BYTES][];

        /** {@code [depth][]}: the classes that there are. */
        private final int[][] order = new int[MOST_BYTES][256];

        private final int[] different = new int[MOST_BYTES];

        Maker(TokenTrie trie, byte[] classes) {
            this.trie = trie;
            this.classes = classes;
            this.next = new int[trie.size()];
            for (int depth = 0; depth < MOST_BYTES; depth++) {
                heads[depth] = new int[256];
                Arrays.fill(heads[depth], -1);
            }
        }

        /** Puts some siblings to those of their classes. */
        void put(int depth, int from, int to) {
            for (int node = from; node < to; node++) {
                byte b = trie.label[node];
                if (!isApart(b)) {
                    int own = classes[b & 0xFF] & 0xFF;
                    if (heads[depth][own] < 0) {
                        order[depth][different[depth]++] = own;
                    }
                    next[node] = heads[depth][own];
                    heads[depth][own] = node;
                }
            }
        }

        /** Makes a node for each class of what was put at a depth; returns how many. */
        int nodes(int depth) {
            int count = different[depth];
            int first = made;
            made += count;
            grow();
            different[depth] = 0;
            for (int i = 0; i < count; i++) {
                int own = order[depth][i];
                int head = heads[depth][own];
                heads[depth][own] = -1;
                node(first + i, head, depth);
            }
            return count;
        }

        private void node(int node, int head, int depth) {
            label[node] = trie.label[head];
            tokenStart[node] = tokensMade;
            for (int one = head; one >= 0; one = next[one]) {
                for (int i = trie.tokenStart[one]; i < trie.tokenEnd[one]; i++) {
                    tokens[tokensMade++] = trie.tokens[i];
                }
                if (depth + 1 < MOST_BYTES) {
                    put(depth + 1, trie.childStart[one], trie.childEnd[one]);
                }
            }
            tokenEnd[node] = tokensMade;
            childStart[node] = made;
            childEnd[node] = made + (depth + 1 < MOST_BYTES ? different[depth + 1] : 0);
            if (depth + 1 < MOST_BYTES) {
                nodes(depth + 1);
            }
        }

        private void grow() {
            if (made > label.length) {
                int size = Math.max(made, 2 * label.length);
                label = Arrays.copyOf(label, size);
                childStart = Arrays.copyOf(childStart, size);
                childEnd = Arrays.copyOf(childEnd, size);
                tokenStart = Arrays.copyOf(tokenStart, size);
                tokenEnd = Arrays.copyOf(tokenEnd, size);
            }
        }
    }
}
