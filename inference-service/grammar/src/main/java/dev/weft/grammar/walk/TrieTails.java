package dev.weft.grammar.walk;

import java.util.List;

/**
 * Says from which depth on the tokens of a trie have only characters of one class, for some classes
 * of one byte. A state that lets any number of these characters follow takes such tails without a
 * walk. Immutable.
 */
final class TrieTails {
    /**
     * Most bytes of a tail, as only so many bytes are looked ahead to find out what may follow.
     * Longer tails are walked.
     */
    private static final int MOST_BYTES = 16;

    private static final int FAR = 255;

    /** {@code [classes][256]}, from the widest to the narrowest. */
    private final boolean[][] classes;

    /**
     * {@code [classes][nodes]}: the depth from which on all tokens of a node's subtree are of the
     * class, with {@link #MOST_BYTES} more bytes at most.
     */
    private final byte[][] from;

    /** Tails of a trie, for the characters of each slice's class that have one byte. */
    TrieTails(TokenTrie trie, List<CharacterSlices.Slice> slices) {
        classes = new boolean[slices.size()][256];
        from = new byte[slices.size()][trie.size()];
        for (int c = 0; c < slices.size(); c++) {
            int[][] next = slices.get(c).next();
            for (int b = 0; b < 0x80; b++) {
                classes[c][b] = next[0][b] == 0;
            }
            fill(trie, classes[c], from[c], 0, trie.rootEnd, 1);
        }
    }

    private static int fill(
            TokenTrie trie, boolean[] own, byte[] from, int first, int last, int depth) {
        int most = 0;
        for (int node = first; node < last; node++) {
            int far = 0;
            if (trie.tokenStart[node] < trie.tokenEnd[node]) {
                far = start(trie.text(node), depth, own);
            }
            far =
                    Math.max(
                            far,
                            fill(
                                    trie,
                                    own,
                                    from,
                                    trie.childStart[node],
                                    trie.childEnd[node],
                                    depth + 1));
            from[node] = (byte) far;
            most = Math.max(most, far);
        }
        return most;
    }

    /** The place from which on the bytes of a token are of a class. */
    private static int start(byte[] text, int length, boolean[] own) {
        int at = length;
        while (at > 0 && length - at < MOST_BYTES && own[text[at - 1] & 0xFF]) {
            at--;
        }
        return Math.min(at, FAR);
    }

    /** Whether a class has a byte. */
    boolean has(int number, int b) {
        return classes[number][b];
    }

    /** Whether all tokens of a subtree are of the class behind a depth. */
    boolean isInside(int number, int node, int depth) {
        int far = from[number][node] & 0xFF;
        return far <= depth && far < FAR;
    }
}
