package dev.weft.grammar.walk;

import java.util.Arrays;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of tokens as a trie. The children of a node lie side by side, so each child that a
 * grammar refuses costs one look. The tokens of a subtree lie side by side, too. Immutable.
 */
final class TokenTrie {
    /** Most bytes of a token, since recursion goes as deep. */
    private static final int MOST_BYTES = 2_000;

    /**
     * {@code [nodes]}: the byte that leads to a node. The root has none: its children come first.
     */
    final byte[] label;

    /** {@code [nodes]}: where a node's children begin. */
    final int[] childStart;

    /** {@code [nodes]}: where a node's children end, exclusive. */
    final int[] childEnd;

    /** {@code [nodes]}: where a node's own tokens begin in {@link #tokens}. */
    final int[] tokenStart;

    /**
     * {@code [nodes]}: where a node's own tokens end, exclusive; the others of its subtree follow.
     */
    final int[] tokenEnd;

    /** {@code [nodes]}: where the tokens of a node's subtree end, exclusive. */
    final int[] subtreeEnd;

    /** Ids. Several tokens may have the same bytes. */
    final int[] tokens;

    /** The longest token's bytes. */
    final int longest;

    /** Children of the root. */
    final int rootEnd;

    private final byte[][] sorted;
    private int made;

    /**
     * A trie of all tokens of an array by id, except for some; null and empty ones are left out.
     */
    TokenTrie(byte[] @Nullable [] bytes, Set<Integer> leftOut) {
        this(used(bytes, leftOut), bytes);
    }

    /** A trie of some tokens. */
    TokenTrie(int[] ids, byte[] @Nullable [] bytes) {
        Integer[] order = new Integer[ids.length];
        for (int i = 0; i < ids.length; i++) {
            order[i] = ids[i];
        }
        Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(textOf(bytes, a), textOf(bytes, b)));
        tokens = new int[order.length];
        sorted = new byte[order.length][];
        int nodes = 0;
        int most = 0;
        byte[] before = {};
        for (int i = 0; i < order.length; i++) {
            tokens[i] = order[i];
            sorted[i] = textOf(bytes, order[i]);
            int shared = Arrays.mismatch(before, sorted[i]);
            nodes += sorted[i].length - (shared < 0 ? before.length : shared);
            most = Math.max(most, sorted[i].length);
            before = sorted[i];
        }
        longest = most;
        label = new byte[nodes];
        childStart = new int[nodes];
        childEnd = new int[nodes];
        tokenStart = new int[nodes];
        tokenEnd = new int[nodes];
        subtreeEnd = new int[nodes];
        children(0, order.length, 0);
        rootEnd = rootChildren();
    }

    /** A trie of some of these tokens, of the same bytes. */
    TokenTrie of(IntPredicate which, byte[] @Nullable [] bytes) {
        return new TokenTrie(Arrays.stream(tokens).filter(which).toArray(), bytes);
    }

    private int rootChildren() {
        int count = 0;
        for (int at = 0; at < tokens.length; at = subtreeEnd[count - 1]) {
            count++;
        }
        return count;
    }

    /** Makes the children of a node whose subtree has the sorted tokens in a range. */
    private void children(int from, int to, int depth) {
        int first = made;
        for (int at = from; at < to; ) {
            byte b = sorted[at][depth];
            int end = at + 1;
            while (end < to && sorted[end][depth] == b) {
                end++;
            }
            label[made] = b;
            tokenStart[made] = at;
            subtreeEnd[made] = end;
            made++;
            at = end;
        }
        int last = made;
        for (int node = first; node < last; node++) {
            int own = tokenStart[node];
            while (own < subtreeEnd[node] && sorted[own].length == depth + 1) {
                own++;
            }
            tokenEnd[node] = own;
            childStart[node] = made;
            if (own < subtreeEnd[node]) {
                children(own, subtreeEnd[node], depth + 1);
            }
            childEnd[node] = childStart[node] + count(own, subtreeEnd[node], depth + 1);
        }
    }

    private int count(int from, int to, int depth) {
        int count = 0;
        for (int at = from; at < to; at++) {
            count += at == from || sorted[at][depth] != sorted[at - 1][depth] ? 1 : 0;
        }
        return count;
    }

    private static int[] used(byte[] @Nullable [] bytes, Set<Integer> leftOut) {
        int[] ids = new int[bytes.length];
        int n = 0;
        for (int id = 0; id < bytes.length; id++) {
            byte[] own = bytes[id];
            if (own != null && own.length > 0 && !leftOut.contains(id)) {
                if (own.length > MOST_BYTES) {
                    throw new IllegalArgumentException(
                            "token " + id + " has " + own.length + " bytes");
                }
                ids[n++] = id;
            }
        }
        return Arrays.copyOf(ids, n);
    }

    private static byte[] textOf(byte[] @Nullable [] bytes, int id) {
        byte[] own = bytes[id];
        return own == null ? new byte[0] : own;
    }

    int size() {
        return label.length;
    }

    /** The node that some bytes lead to from the root; -1 if there is none. */
    int node(byte[] path) {
        int from = 0;
        int to = rootEnd;
        int node = -1;
        for (byte b : path) {
            node = child(from, to, b);
            if (node < 0) {
                return -1;
            }
            from = childStart[node];
            to = childEnd[node];
        }
        return node;
    }

    /** The sibling that a byte leads to; -1 if there is none. */
    int child(int from, int to, byte b) {
        int low = from;
        int high = to - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Byte.compareUnsigned(label[middle], b);
            if (order == 0) {
                return middle;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -1;
    }

    /** The bytes of the first token in a node's subtree; those of the node come first. */
    byte[] text(int node) {
        return sorted[tokenStart[node]];
    }
}
