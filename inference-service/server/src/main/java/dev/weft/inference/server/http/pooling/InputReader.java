package dev.weft.inference.server.http.pooling;

import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.http.request.PromptEncoder;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * Reads the texts of one body and makes tokens of them, within bounds. May block: the tokenizer
 * takes long texts one after the other.
 */
final class InputReader {
    /** Inputs that OpenAI allows in one request. */
    static final int MOST_INPUTS = 2048;

    /** Tokens of all inputs together, OpenAI's limit; one input may be as long as the context. */
    static final int MOST_TOKENS = 300_000;

    /**
     * Characters of all inputs together. Many characters may be few tokens, and a tokenizer reads
     * them in vain if the tokens are too many.
     */
    private static final long MOST_CHARACTERS = 16L * MOST_TOKENS;

    private static final String FORMS =
            "a string, a list of strings, a list of token ids, or a list of lists of token ids";
    private static final String TEXTS = "a string or a list of strings";

    private final JsonFields fields;
    private final Serving serving;
    private final boolean special;
    private final OptionalInt longest;
    private int tokens;
    private long characters;

    /**
     * A reader of one body.
     *
     * @param longest most tokens of an input, if they are less than the context's
     */
    InputReader(JsonFields fields, Serving serving, OptionalInt longest) {
        this.fields = fields;
        this.serving = serving;
        this.longest = longest;
        this.special = fields.flag("add_special_tokens", true);
    }

    /** The inputs of a field that takes texts and token ids. */
    List<List<Integer>> inputs(String name) throws InterruptedException {
        JsonNode value = fields.required(name, FORMS);
        if (value.isString() || (value.isArray() && value.path(0).isNumber())) {
            return List.of(one(name, value));
        }
        counted(name, value, FORMS);
        List<List<Integer>> inputs = new ArrayList<>();
        for (JsonNode input : value) {
            inputs.add(one(name + "[" + inputs.size() + "]", input));
        }
        return inputs;
    }

    private List<Integer> one(String name, JsonNode input) throws InterruptedException {
        if (input.isString()) {
            return text(input.stringValue(), name);
        }
        if (!input.isArray()) {
            throw fields.invalid(name, input, FORMS);
        }
        return bounded(fields.tokens(name, input, serving.settings().vocabulary()), name);
    }

    /** The texts of a field: a text, or a list of texts and of objects that have one. */
    List<String> texts(String name) {
        JsonNode value = fields.required(name, TEXTS);
        if (value.isString()) {
            return List.of(value.stringValue());
        }
        counted(name, value, TEXTS);
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            JsonNode text = element.isObject() ? element.path("text") : element;
            if (!text.isString()) {
                throw fields.invalid(
                        name + "[" + texts.size() + "]", element, "a string, or its \"text\"");
            }
            texts.add(text.stringValue());
        }
        return texts;
    }

    private void counted(String name, JsonNode list, String allowed) {
        if (!list.isArray() || list.isEmpty()) {
            throw fields.invalid(name, list, allowed);
        }
        if (list.size() > MOST_INPUTS) {
            throw fields.invalid(
                    name, list, "at most " + MOST_INPUTS + " inputs; there are " + list.size());
        }
    }

    /** Tokens of a text. */
    List<Integer> text(String text, String name) throws InterruptedException {
        read(text.length(), name);
        return bounded(serving.encoder().prompt(text, special, name), name);
    }

    /** Tokens of a pair, as the tokenizer joins two texts. */
    List<Integer> pair(String text, String other, String name) throws InterruptedException {
        read((long) text.length() + other.length(), name);
        return bounded(serving.encoder().pair(text, other, special, name), name);
    }

    private void read(long length, String name) {
        characters += length;
        if (characters > MOST_CHARACTERS) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "The inputs up to '"
                            + name
                            + "' have "
                            + characters
                            + " characters; allowed in one request: "
                            + MOST_CHARACTERS,
                    name);
        }
    }

    /**
     * Refuses a text that is too long for the model, which knows none of that length.
     * sentence-transformers would cut it.
     */
    private static void checkLength(int tokens, int most, String name) {
        if (tokens > most) {
            throw new ApiException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "This model makes vectors of at most "
                            + most
                            + " tokens (max_seq_length). However, your "
                            + name
                            + " has "
                            + tokens
                            + " tokens. Please reduce its length.",
                    name);
        }
    }

    private List<Integer> bounded(List<Integer> prompt, String name) {
        if (prompt.isEmpty()) {
            throw PromptEncoder.noTokens(name);
        }
        serving.encoder().budget().checkInput(prompt.size(), name);
        longest.ifPresent(most -> checkLength(prompt.size(), most, name));
        tokens += prompt.size();
        if (tokens > Math.max(MOST_TOKENS, serving.encoder().budget().contextLength())) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "The inputs up to '"
                            + name
                            + "' have "
                            + tokens
                            + " tokens; allowed in one request: "
                            + MOST_TOKENS,
                    name);
        }
        return prompt;
    }
}
