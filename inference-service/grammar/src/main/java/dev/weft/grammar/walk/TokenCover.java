package dev.weft.grammar.walk;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Spells bytes with as few tokens as possible. */
public final class TokenCover {
    private static final int NONE = -1;

    private TokenCover() {}

    /**
     * The fewest tokens that spell a text.
     *
     * @param usable which tokens may be used
     * @return null if no tokens spell it
     */
    public static int @Nullable [] of(
            TokenVocabulary vocabulary, byte[] text, IntPredicate usable) {
        int[] fewest = new int[text.length + 1];
        int[] last = new int[text.length + 1];
        int[] from = new int[text.length + 1];
        Arrays.fill(fewest, NONE);
        fewest[0] = 0;
        for (int at = 0; at < text.length; at++) {
            if (fewest[at] != NONE) {
                reach(vocabulary.trie(), text, at, usable, fewest, last, from);
            }
        }
        if (fewest[text.length] == NONE) {
            return null;
        }
        int[] tokens = new int[fewest[text.length]];
        for (int at = text.length; at > 0; at = from[at]) {
            tokens[fewest[at] - 1] = last[at];
        }
        return tokens;
    }

    /** Goes on from a place with each usable token that the text has there. */
    private static void reach(
            TokenTrie trie,
            byte[] text,
            int at,
            IntPredicate usable,
            int[] fewest,
            int[] last,
            int[] from) {
        int first = 0;
        int end = trie.rootEnd;
        for (int to = at + 1; to <= text.length; to++) {
            int node = trie.child(first, end, text[to - 1]);
            if (node < 0) {
                return;
            }
            int more = fewest[at] + 1;
            if (fewest[to] == NONE || fewest[to] > more) {
                int token = token(trie, node, usable);
                if (token != NONE) {
                    fewest[to] = more;
                    last[to] = token;
                    from[to] = at;
                }
            }
            first = trie.childStart[node];
            end = trie.childEnd[node];
        }
    }

    private static int token(TokenTrie trie, int node, IntPredicate usable) {
        for (int i = trie.tokenStart[node]; i < trie.tokenEnd[node]; i++) {
            if (usable.test(trie.tokens[i])) {
                return trie.tokens[i];
            }
        }
        return NONE;
    }
}
