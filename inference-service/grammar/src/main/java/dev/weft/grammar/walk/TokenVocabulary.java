package dev.weft.grammar.walk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The tokens of a tokenizer as bytes. Immutable, shared by all matchers of a base. */
public final class TokenVocabulary {
    /**
     * The first byte of added tokens ({@code <tool_call>} and the like), before their text: it is
     * in no text, so only grammars that name them allow them.
     */
    public static final byte ADDED = (byte) 0xFF;

    private final byte[] @Nullable [] bytes;
    private final Set<Integer> end;
    private final TokenTrie trie;
    private final FreeText freeText;
    private final CharacterSlices slices;
    private final TrieTails tails;
    private final StringTokens strings;

    private TokenVocabulary(byte[] @Nullable [] bytes, Set<Integer> end) {
        this.bytes = bytes;
        this.end = Set.copyOf(end);
        this.trie = new TokenTrie(bytes, end);
        this.freeText = new FreeText(trie, bytes);
        this.slices = new CharacterSlices(bytes, this.end);
        this.tails = new TrieTails(trie, slices.all());
        this.strings = new StringTokens(trie, bytes, freeText.of(0, -1).inside());
    }

    /**
     * A vocabulary.
     *
     * @param bytes by id, those of added tokens with {@link #ADDED} in front; null or empty for ids
     *     that stand for no text (padding), which no grammar allows
     * @param end the ids that end an answer
     * @throws IllegalArgumentException if an id of {@code end} is not in the vocabulary
     */
    public static TokenVocabulary of(byte[] @Nullable [] bytes, Set<Integer> end) {
        for (int id : end) {
            if (id < 0 || id >= bytes.length) {
                throw new IllegalArgumentException(
                        "end token " + id + " is not below the vocabulary's size " + bytes.length);
            }
        }
        byte[] @Nullable [] own = bytes.clone();
        for (int id = 0; id < own.length; id++) {
            own[id] = own[id] == null || hasFalseMark(own[id]) ? null : own[id];
        }
        return new TokenVocabulary(own, end);
    }

    /**
     * Whether a token has the mark's byte without being an added token; vocabularies of bytes have
     * such tokens.
     */
    private static boolean hasFalseMark(byte[] token) {
        for (int i = token.length > 1 ? 1 : 0; i < token.length; i++) {
            if (token[i] == ADDED) {
                return true;
            }
        }
        return false;
    }

    /** Ids are below this. */
    public int size() {
        return bytes.length;
    }

    /** The ids that end an answer. */
    public Set<Integer> end() {
        return end;
    }

    public byte @Nullable [] bytes(int token) {
        return token < 0 || token >= bytes.length || end.contains(token) ? null : bytes[token];
    }

    /** Bytes of the longest token. */
    public int longest() {
        return trie.longest;
    }

    /** Whether each byte that UTF-8 can have is a token of its own. */
    public boolean spellsEveryByte(IntPredicate usable) {
        for (int b = 0; b < 255; b++) {
            // bytes that UTF-8 never has
            boolean never = b == 0xC0 || b == 0xC1 || b > 0xF4;
            if (!never && !isToken(new byte[] {(byte) b}, usable)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a text is an added token. */
    public boolean isAdded(String text, IntPredicate usable) {
        byte[] token = (" " + text).getBytes(StandardCharsets.UTF_8);
        token[0] = ADDED;
        return isToken(token, usable);
    }

    private boolean isToken(byte[] token, IntPredicate usable) {
        int node = trie.node(token);
        return node >= 0
                && Arrays.stream(trie.tokens, trie.tokenStart[node], trie.tokenEnd[node])
                        .anyMatch(usable);
    }

    CharacterSlices slices() {
        return slices;
    }

    StringTokens strings() {
        return strings;
    }

    TrieTails tails() {
        return tails;
    }

    FreeText freeText() {
        return freeText;
    }

    TokenTrie trie() {
        return trie;
    }
}
