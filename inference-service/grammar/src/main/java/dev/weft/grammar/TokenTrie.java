package dev.weft.grammar;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of all tokens as a trie, flat and depth first: a subtree is a run of nodes, so that
 * what a grammar refuses is skipped by one jump. Immutable.
 */
final class TokenTrie {
    /** {@code [nodes]}: the byte that leads to a node. */
    final byte[] label;

    /** {@code [nodes]}: bytes from the root to a node, 1 for the first. */
    final short[] depth;

    /** {@code [nodes]}: the node behind a node's subtree. */
    final int[] subtreeEnd;

    /** {@code [nodes + 1]}: where a node's tokens begin in {@link #tokens}. */
    final int[] tokenStart;

    /** Ids, in the order of the nodes. Several tokens may have the same bytes. */
    final int[] tokens;

    /** The longest token's bytes. */
    final int longest;

    TokenTrie(byte[] @Nullable [] bytes, Set<Integer> leftOut) {
        Integer[] sorted = sorted(bytes, leftOut);
        tokens = new int[sorted.length];
        int nodes = 0;
        byte[] before = {};
        for (Integer id : sorted) {
            byte[] own = bytesOf(bytes, id);
            nodes += own.length - common(before, own);
            before = own;
        }
        label = new byte[nodes];
        depth = new short[nodes];
        subtreeEnd = new int[nodes];
        tokenStart = new int[nodes + 1];
        longest = fill(bytes, sorted);
    }

    private int fill(byte[] @Nullable [] bytes, Integer[] sorted) {
        int most = 0;
        int node = 0;
        int[] open = new int[Short.MAX_VALUE + 1];
        byte[] before = {};
        for (int i = 0; i < sorted.length; i++) {
            byte[] own = bytesOf(bytes, sorted[i]);
            int shared = common(before, own);
            for (int d = before.length; d > shared; d--) {
                subtreeEnd[open[d]] = node;
            }
            for (int d = shared + 1; d <= own.length; d++) {
                label[node] = own[d - 1];
                depth[node] = (short) d;
                tokenStart[node] = i;
                open[d] = node++;
            }
            tokens[i] = sorted[i];
            most = Math.max(most, own.length);
            before = own;
        }
        for (int d = before.length; d > 0; d--) {
            subtreeEnd[open[d]] = node;
        }
        tokenStart[node] = sorted.length;
        return most;
    }

    private static Integer[] sorted(byte[] @Nullable [] bytes, Set<Integer> leftOut) {
        Integer[] ids = new Integer[bytes.length];
        int n = 0;
        for (int id = 0; id < bytes.length; id++) {
            byte[] own = bytes[id];
            if (own != null && own.length > 0 && !leftOut.contains(id)) {
                if (own.length > Short.MAX_VALUE) {
                    throw new IllegalArgumentException(
                            "token " + id + " has " + own.length + " bytes");
                }
                ids[n++] = id;
            }
        }
        Integer[] used = Arrays.copyOf(ids, n);
        Arrays.sort(used, (a, b) -> Arrays.compareUnsigned(bytesOf(bytes, a), bytesOf(bytes, b)));
        return used;
    }

    private static byte[] bytesOf(byte[] @Nullable [] bytes, int id) {
        byte[] own = bytes[id];
        return own == null ? new byte[0] : own;
    }

    private static int common(byte[] a, byte[] b) {
        int at = Arrays.mismatch(a, b);
        return at < 0 ? a.length : at;
    }

    int size() {
        return label.length;
    }
}
