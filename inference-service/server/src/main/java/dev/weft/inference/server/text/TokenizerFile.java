package dev.weft.inference.server.text;

import dev.weft.protocol.error.InvalidJson;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What tokenizer.json (the format of Hugging Face's tokenizers library) says about single tokens.
 * Merges are skipped while reading: they are the larger part of the file, and only the native
 * tokenizer needs them.
 *
 * @param tokens text of each token as the file spells it, by id; null if an id is not in use
 * @param added id by text of {@code added_tokens}
 * @param special ids of the added tokens that are special
 * @param decoder the {@code decoder} as it stands
 * @param addedTokens the {@code added_tokens} as they stand
 * @param preTokenizer the {@code pre_tokenizer} as it stands
 * @param vocabulary number of tokens that the vocabulary has without the added ones
 */
record TokenizerFile(
        List<@Nullable String> tokens,
        Map<String, Integer> added,
        BitSet special,
        JsonNode decoder,
        JsonNode addedTokens,
        JsonNode preTokenizer,
        int vocabulary) {
    /** More ids than any vocabulary in use has; an id beyond would only cost memory. */
    private static final int MOST_TOKENS = 4_000_000;

    /**
     * Reads a file's text.
     *
     * @throws IOException if it is not such a file
     */
    static TokenizerFile read(Path file, String json) throws IOException {
        try (JsonParser parser = JsonMapper.shared().createParser(json)) {
            return new Reader(file.getFileName().toString(), parser).read();
        } catch (JacksonException e) {
            throw new IOException(file + ": not valid JSON: " + InvalidJson.words(e), e);
        }
    }

    /** A file's text with another value of a field. */
    static String with(String json, String field, JsonNode value) {
        StringWriter text = new StringWriter(json.length());
        try (JsonParser parser = JsonMapper.shared().createParser(json);
                JsonGenerator out = JsonMapper.shared().createGenerator(text)) {
            parser.nextToken();
            out.writeStartObject();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals(field)) {
                    parser.skipChildren();
                } else {
                    out.writeName(name);
                    out.copyCurrentStructure(parser);
                }
            }
            out.writeName(field);
            out.writeTree(value);
            out.writeEndObject();
        }
        return text.toString();
    }

    private static final class Reader {
        private final String file;
        private final JsonParser parser;
        private final ArrayList<@Nullable String> tokens = new ArrayList<>();
        private final Map<String, Integer> added = new LinkedHashMap<>();
        private final BitSet special = new BitSet();
        private JsonNode decoder = MissingNode.getInstance();
        private JsonNode preTokenizer = MissingNode.getInstance();
        private int vocabulary;

        Reader(String file, JsonParser parser) {
            this.file = file;
            this.parser = parser;
        }

        TokenizerFile read() throws IOException {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "an object");
            JsonNode addedTokens = MissingNode.getInstance();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "model" -> readModel();
                    case "added_tokens" -> addedTokens = parser.readValueAsTree();
                    case "decoder" -> decoder = parser.readValueAsTree();
                    case "pre_tokenizer" -> preTokenizer = parser.readValueAsTree();
                    default -> parser.skipChildren();
                }
            }
            for (JsonNode token : addedTokens) {
                readAdded(token);
            }
            if (tokens.isEmpty()) {
                throw new IOException(file + ": model.vocab is missing or empty");
            }
            return new TokenizerFile(
                    tokens, added, special, decoder, addedTokens, preTokenizer, vocabulary);
        }

        private void readModel() throws IOException {
            expect(parser.currentToken(), JsonToken.START_OBJECT, "an object under model");
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("vocab")) {
                    readVocabulary();
                } else {
                    parser.skipChildren();
                }
            }
        }

        /** BPE and WordLevel map text to id; Unigram lists pairs of text and score, by id. */
        private void readVocabulary() throws IOException {
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_ARRAY) {
                    parser.nextToken();
                    tokens.add(parser.getString());
                    vocabulary++;
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        parser.skipChildren();
                    }
                }
                return;
            }
            expect(parser.currentToken(), JsonToken.START_OBJECT, "an object under model.vocab");
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String text = parser.currentName();
                parser.nextToken();
                put(parser.getIntValue(), text);
                vocabulary++;
            }
        }

        private void readAdded(JsonNode token) throws IOException {
            if (!token.path("id").isInt() || !token.path("content").isString()) {
                throw new IOException(file + ": an entry of added_tokens has no id or content");
            }
            int id = token.path("id").intValue();
            put(id, token.path("content").stringValue());
            added.put(token.path("content").stringValue(), id);
            special.set(id, token.path("special").booleanValue(false));
        }

        private void put(int id, String text) throws IOException {
            if (id < 0 || id >= MOST_TOKENS) {
                throw new IOException(file + ": token '" + text + "' has id " + id);
            }
            while (tokens.size() <= id) {
                tokens.add(null);
            }
            tokens.set(id, text);
        }

        private void expect(@Nullable JsonToken found, JsonToken wanted, String name)
                throws IOException {
            if (found != wanted) {
                throw new IOException(file + ": expected " + name + ", found " + found);
            }
        }
    }
}
