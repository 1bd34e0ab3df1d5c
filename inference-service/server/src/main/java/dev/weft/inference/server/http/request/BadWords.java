package dev.weft.inference.server.http.request;

import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code bad_words} as vLLM does: words that an answer must not hold, at its beginning or
 * after a space.
 */
record BadWords(Tokenizer tokenizer) {
    private static final String FIELD = "bad_words";
    private static final int MOST_WORDS = 256;

    /** Characters of a word, so that no more is tokenised than a short prompt has. */
    private static final int LONGEST_WORD = 256;

    /** Tokens of each spelling of each word; empty if the field is missing. */
    List<List<Integer>> read(JsonFields fields) {
        JsonNode words = fields.node(FIELD);
        List<List<Integer>> tokens = new ArrayList<>();
        if (words == null) {
            return tokens;
        }
        if (!words.isArray() || words.size() > MOST_WORDS) {
            throw fields.invalid(FIELD, words, "a list of up to " + MOST_WORDS + " strings");
        }
        int index = 0;
        for (JsonNode word : words) {
            if (!word.isString()
                    || word.stringValue().isBlank()
                    || word.stringValue().length() > LONGEST_WORD) {
                throw fields.invalid(
                        FIELD + "[" + index + "]",
                        word,
                        "a string of up to " + LONGEST_WORD + " characters, not blank");
            }
            if (!add(word.stringValue().stripLeading(), tokens)) {
                throw fields.invalid(
                        FIELD + "[" + index + "]", word, "a string of which tokens can be made");
            }
            index++;
        }
        return tokens;
    }

    /** Adds the tokens of a word; false if the tokenizer makes none of it. */
    private boolean add(String word, List<List<Integer>> to) {
        List<Integer> alone = tokenizer.encode(word, false);
        List<Integer> inside = tokenizer.encode(" " + word, false);
        if (alone.isEmpty() || inside.isEmpty()) {
            return false;
        }
        to.add(alone);
        if (!inside.equals(alone)) {
            to.add(inside);
        }
        return true;
    }
}
