package dev.weft.inference.server.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that each token adds to a text; immutable. Ids that no token has add nothing. All bytes
 * lie in one array, since a vocabulary may have 150,000 tokens.
 */
final class TokenBytes {
    private final DecoderRules rules;
    private final byte[] bytes;

    /** {@code [tokens + 1]}: offsets at which the tokens' bytes begin. */
    private final int[] starts;

    private final BitSet special;
    private final BitSet byteTokens = new BitSet();
    private final Map<String, Integer> added;
    private final BitSet addedIds = new BitSet();

    /** Tokens as the file spells them, if some differ as the first ones of a text; else empty. */
    private final List<@Nullable String> spelled;

    TokenBytes(TokenizerFile file) throws IOException {
        rules = DecoderRules.read(file.decoder());
        special = file.special();
        added = Map.copyOf(file.added());
        List<@Nullable String> tokens = file.tokens();
        spelled = rules.firstDiffers() ? tokens : List.of();
        starts = new int[tokens.size() + 1];
        ByteArrayOutputStream all = new ByteArrayOutputStream(tokens.size() * 6);
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (token != null) {
                all.writeBytes(rules.bytes(token));
                byteTokens.set(id, rules.singleByte(token).isPresent());
            }
            starts[id + 1] = all.size();
        }
        bytes = all.toByteArray();
        added.values().stream().filter(id -> isSpecial(id) || !isBlank(id)).forEach(addedIds::set);
    }

    /**
     * Whether a token is white space. Some tokenizers list newlines and runs of spaces as added
     * tokens.
     */
    private boolean isBlank(int id) {
        for (int i = starts[id]; i < starts[id + 1]; i++) {
            if (" \t\n\r".indexOf(bytes[i]) < 0) {
                return false;
            }
        }
        return starts[id] < starts[id + 1];
    }

    DecoderRules rules() {
        return rules;
    }

    /** Ids are below this. */
    int size() {
        return starts.length - 1;
    }

    /** Bytes of the longest token, at least 1. */
    int longest() {
        int longest = 1;
        for (int id = 0; id < size(); id++) {
            longest = Math.max(longest, starts[id + 1] - starts[id]);
        }
        return longest;
    }

    /** Ids of added tokens by their text. */
    Map<String, Integer> added() {
        return added;
    }

    boolean isSpecial(int token) {
        return special.get(token);
    }

    /**
     * Whether a token was added to the vocabulary and stands for more than its text: special ones,
     * and all others but blanks.
     */
    boolean isAdded(int token) {
        return addedIds.get(token);
    }

    /** Whether a token stands for one byte of a character that the vocabulary lacks. */
    boolean isByte(int token) {
        return byteTokens.get(token);
    }

    byte[] bytes(int token) {
        return isToken(token)
                ? Arrays.copyOfRange(bytes, starts[token], starts[token + 1])
                : new byte[0];
    }

    /** Feeds a token's bytes to {@code target}. */
    void append(int token, Utf8Assembler target, StringBuilder out) {
        if (isToken(token)) {
            target.append(bytes, starts[token], starts[token + 1], out);
        }
    }

    /** Feeds the bytes of a token that is the first one of a text. */
    void appendFirst(int token, Utf8Assembler target, StringBuilder out) {
        String text = token >= 0 && token < spelled.size() ? spelled.get(token) : null;
        if (text == null) {
            append(token, target, out);
        } else {
            byte[] own = rules.firstBytes(text);
            target.append(own, 0, own.length, out);
        }
    }

    /**
     * A token's text in OpenAI's log-probabilities: bytes that are not whole characters as {@code
     * bytes:\xe2\x80}.
     */
    String text(int token) {
        byte[] own = bytes(token);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(own)).toString();
        } catch (CharacterCodingException e) {
            StringBuilder text = new StringBuilder("bytes:");
            for (byte b : own) {
                text.append("\\x").append(String.format("%02x", b));
            }
            return text.toString();
        }
    }

    /** Id of an added token, special ones included. */
    OptionalInt added(String text) {
        Integer id = added.get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private boolean isToken(int token) {
        return token >= 0 && token < size();
    }
}
