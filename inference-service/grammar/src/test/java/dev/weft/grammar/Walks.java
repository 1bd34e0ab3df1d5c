package dev.weft.grammar;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.walk.TokenVocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Small vocabularies, and walks through grammars with them. */
public final class Walks {
    /** Every byte is a token of its own, and the last one ends. */
    public static final TokenVocabulary BYTES = vocabulary(List.of());

    /** Bytes, and texts as tokenizers have them. */
    public static final TokenVocabulary WORDS =
            vocabulary(
                    List.of(
                            "\": ",
                            "\", \"",
                            "\":\"",
                            "\"}",
                            "\"},",
                            "{\"",
                            "[\"",
                            "[{\"",
                            "}}",
                            "]}",
                            "],",
                            ", ",
                            "  ",
                            "\n  ",
                            "true",
                            "false",
                            "null",
                            "name",
                            "na",
                            "me\"",
                            "a\"",
                            "b",
                            "id",
                            " \"",
                            "\"a",
                            "\"b\"",
                            "12",
                            "00",
                            ".0",
                            "1e",
                            "e5",
                            "-1",
                            "é",
                            "日本",
                            "\\n",
                            "\\u00",
                            "\\\"",
                            "ab",
                            "ba",
                            "2020-",
                            "-01",
                            "T00:",
                            "Z\"",
                            "@x",
                            "x-",
                            "kind",
                            "\"kind\"",
                            "{}",
                            "[]",
                            "\"\"",
                            "aaaa",
                            "\",",
                            "\"]",
                            "\u00e9\"",
                            "name\": \"",
                            "e\": null",
                            "\\n\"",
                            "b\\n\":1",
                            "\\n\": true",
                            "\\u0062",
                            "\":[",
                            "\": true"));

    private Walks() {}

    public static TokenVocabulary vocabulary(List<String> texts) {
        byte[][] all = new byte[257 + texts.size()][];
        for (int b = 0; b < 256; b++) {
            all[b] = new byte[] {(byte) b};
        }
        for (int i = 0; i < texts.size(); i++) {
            all[256 + i] = texts.get(i).getBytes(StandardCharsets.UTF_8);
        }
        int end = all.length - 1;
        all[end] = new byte[0];
        return TokenVocabulary.of(all, Set.of(end));
    }

    public static Grammar schema(String schema) throws GrammarException {
        return schema(schema, GrammarOptions.defaults());
    }

    public static Grammar schema(String schema, GrammarOptions options) throws GrammarException {
        return Grammar.jsonSchema(JsonMapper.shared().readTree(schema), options);
    }

    /** Whether a grammar allows a text, byte by byte, and its end. */
    public static boolean accepts(Grammar grammar, String text) throws GrammarException {
        TokenMatcher matcher = grammar.matcher(BYTES);
        return goesOn(matcher, text) && matcher.mayEnd();
    }

    /** Whether a grammar allows a text, byte by byte, as a beginning. */
    public static boolean allows(Grammar grammar, String text) throws GrammarException {
        return goesOn(grammar.matcher(BYTES), text);
    }

    private static boolean goesOn(TokenMatcher matcher, String text) throws GrammarException {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (!matcher.allows(b & 0xFF)) {
                return false;
            }
            matcher.accept(b & 0xFF);
        }
        return true;
    }

    /** The tokens that a mask allows, ends included. */
    public static List<Integer> mask(TokenMatcher matcher, TokenVocabulary vocabulary)
            throws GrammarException {
        long[] bits = new long[(vocabulary.size() + 63) / 64];
        matcher.mask(bits, Long.MAX_VALUE);
        List<Integer> ids = new ArrayList<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            if ((bits[id >> 6] >>> id & 1) != 0) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** The tokens that are allowed, each asked for alone. */
    public static List<Integer> oneByOne(TokenMatcher matcher, TokenVocabulary vocabulary)
            throws GrammarException {
        List<Integer> allowed = new ArrayList<>();
        for (int token = 0; token < vocabulary.size(); token++) {
            if (matcher.allows(token)) {
                allowed.add(token);
            }
        }
        return allowed;
    }
}
