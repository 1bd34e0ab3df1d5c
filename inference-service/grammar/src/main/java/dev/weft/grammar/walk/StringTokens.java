package dev.weft.grammar.walk;

import dev.weft.grammar.expression.Room;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that may be in a string, with the characters of each subtree, from its node's byte on.
 * A state that lets all these characters follow takes the subtree's tokens without a walk.
 * Immutable.
 */
final class StringTokens {
    /** Marks bytes that a string can't hold as they stand. No room has this mark. */
    private static final long APART = 1;

    private static final int BITS_OF_BYTE = 6;

    private final TokenTrie trie;

    /** A bit for each token that stays within a string that is free. */
    private final long[] free;

    /**
     * {@code [nodes]}: a bit for each of ASCII's first 64 characters in the subtree; in place of
     * the controls the marks of rooms, and {@link #APART}.
     */
    private final long[] low;

    /** {@code [nodes]}: a bit for each of ASCII's other 64 characters in the subtree. */
    private final long[] high;

    /** {@code [nodes]}: bytes of the longest path down, the node's own included. */
    private final short[] tall;

    /** {@code [nodes]}: whether a node's byte leaves a character unfinished. */
    private final boolean[] within;

    /** The beginning of a character; {@link #NONE} between characters. */
    private record Begun(int bits, int more, int least) {
        static final Begun NONE = new Begun(0, 0, 0);

        static Begun of(int lead) {
            if (lead < 0xC2 || lead > 0xF4) {
                return NONE;
            }
            return lead < 0xE0
                    ? new Begun(lead & 0x1F, 1, 0x80)
                    : lead < 0xF0
                            ? new Begun(lead & 0xF, 2, 0x800)
                            : new Begun(lead & 0x7, 3, 0x10000);
        }

        Begun with(int b) {
            return new Begun((bits << BITS_OF_BYTE) | (b & 0x3F), more - 1, least);
        }

        /** Whether some character begins so. */
        boolean isPossible() {
            int rest = BITS_OF_BYTE * more;
            int first = bits << rest;
            int last = first | ((1 << rest) - 1);
            boolean surrogates =
                    first >= Character.MIN_SURROGATE && last <= Character.MAX_SURROGATE;
            return last >= least && first <= Character.MAX_CODE_POINT && !surrogates;
        }
    }

    /**
     * The tokens of strings among all tokens.
     *
     * @param all a trie of them
     * @param bytes of each token
     * @param free a bit for each token that stays within a string that is free
     */
    StringTokens(TokenTrie all, byte[] @Nullable [] bytes, long[] free) {
        this.trie = all.of(token -> mayBeWithin(bytes[token]), bytes);
        this.free = free;
        this.low = new long[trie.size()];
        this.high = new long[trie.size()];
        this.tall = new short[trie.size()];
        this.within = new boolean[trie.size()];
        fill(0, trie.rootEnd, Begun.NONE);
    }

    /** Whether no byte before the first quote is a control, which strings spell by escapes. */
    private static boolean mayBeWithin(byte @Nullable [] token) {
        for (int i = 0; token != null && i < token.length && token[i] != '"'; i++) {
            if (token[i] >= 0 && token[i] < ' ') {
                return false;
            }
        }
        return true;
    }

    private void fill(int from, int to, Begun before) {
        for (int node = from; node < to; node++) {
            Begun behind = own(node, trie.label[node] & 0xFF, before);
            within[node] = behind.more > 0;
            if (within[node] && trie.tokenStart[node] < trie.tokenEnd[node]) {
                // the unfinished character may become an odd one
                low[node] |= Room.ODD;
            }
            fill(trie.childStart[node], trie.childEnd[node], behind);
            for (int child = trie.childStart[node]; child < trie.childEnd[node]; child++) {
                low[node] |= low[child];
                high[node] |= high[child];
                tall[node] = (short) Math.max(tall[node], tall[child]);
            }
            tall[node]++;
        }
    }

    /**
     * Marks the character that a node's byte is or completes, and returns what has begun behind it.
     */
    private Begun own(int node, int b, Begun before) {
        boolean goesOn = (b & 0xC0) == 0x80;
        if (goesOn != before.more > 0) {
            low[node] |= APART;
        }
        if (b < 0x80) {
            if (b == '"' || b == '\\' || b < ' ') {
                low[node] |= APART;
            } else if (b < Long.SIZE) {
                low[node] |= 1L << b;
            } else {
                high[node] |= 1L << b;
            }
            return Begun.NONE;
        }
        Begun behind = goesOn && before.more > 0 ? before.with(b) : Begun.of(b);
        boolean whole = goesOn && before.more == 1;
        if (whole ? !behind.isPossible() : behind.more == 0 || !behind.isPossible()) {
            low[node] |= APART;
            return Begun.NONE;
        }
        if (whole) {
            low[node] |= Room.isOdd(behind.bits) ? Room.ODD : Room.PLAIN;
        }
        return behind;
    }

    TokenTrie trie() {
        return trie;
    }

    /** A bit for each token that stays within a string that is free. Not to be changed. */
    long[] free() {
        return free;
    }

    /**
     * Whether a node ends in the middle of a character. Then the room before the character counts.
     */
    boolean isWithin(int node) {
        return within[node];
    }

    /**
     * Whether a state takes all tokens of a node's subtree, if it has this room before the node's
     * character.
     */
    boolean areIn(Room room, int node) {
        return room.has(low[node], high[node], tall[node]);
    }
}
