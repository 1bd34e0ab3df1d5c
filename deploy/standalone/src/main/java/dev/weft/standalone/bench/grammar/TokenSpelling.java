package dev.weft.standalone.bench.grammar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.grammar.walk.TokenVocabulary;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Spells texts by the bytes of a vocabulary's tokens. Grammars see bytes, so a tokenizer that
 * composes characters or puts a space before a text would have another text measured.
 */
final class TokenSpelling {
    private final TokenVocabulary vocabulary;

    /** Tokens by their bytes, each byte a character; the smallest id of several. */
    private final Map<String, Integer> ids = new HashMap<>();

    TokenSpelling(TokenVocabulary vocabulary) {
        this.vocabulary = vocabulary;
        for (int id = 0; id < vocabulary.size(); id++) {
            byte[] bytes = vocabulary.bytes(id);
            if (bytes != null && bytes.length > 0 && !vocabulary.end().contains(id)) {
                ids.putIfAbsent(new String(bytes, ISO_8859_1), id);
            }
        }
    }

    /**
     * The tokens if they spell the text. Else others that do, each the longest that fits where the
     * one before ends; empty if none fits somewhere.
     */
    Optional<List<Integer>> of(String text, List<Integer> tokens) {
        byte[] wanted = text.getBytes(UTF_8);
        return Arrays.equals(wanted, bytes(tokens)) ? Optional.of(tokens) : longest(wanted);
    }

    private byte[] bytes(List<Integer> tokens) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int token : tokens) {
            byte[] own = token < vocabulary.size() ? vocabulary.bytes(token) : null;
            if (own != null) {
                all.writeBytes(own);
            }
        }
        return all.toByteArray();
    }

    private Optional<List<Integer>> longest(byte[] wanted) {
        String left = new String(wanted, ISO_8859_1);
        List<Integer> tokens = new ArrayList<>();
        for (int from = 0; from < left.length(); ) {
            int to = Math.min(left.length(), from + vocabulary.longest());
            while (to > from && !ids.containsKey(left.substring(from, to))) {
                to--;
            }
            if (to == from) {
                return Optional.empty();
            }
            tokens.add(ids.get(left.substring(from, to)));
            from = to;
        }
        return Optional.of(tokens);
    }
}
