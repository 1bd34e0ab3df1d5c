package dev.weft.inference.server.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class TokenizerTest {
    /** As CodeLlama has them: the decoder writes the mark as a space, and drops the first one. */
    @Test
    void takesASpecialTokenThatTheDecoderWritesWithoutItsMark(@TempDir Path folder)
            throws IOException {
        special(TestTokenizers.byteFallback(folder), "\u2581<PRE>", 288);

        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("\u2581<PRE>h", false)).startsWith(288);
            assertThat(tokenizer.detokenizer(List.of(262), false).add(288)).isEqualTo(" <PRE>");
        }
    }

    @Test
    void takesASpecialTokenOfCharactersThatStandForBytes(@TempDir Path folder) throws IOException {
        special(TestTokenizers.byteLevel(folder), "éé", 269);

        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("éé", false)).containsExactly(269);
        }
    }

    @Test
    void refusesSpecialTokensThatTheLibraryNumbersOtherwise(@TempDir Path folder)
            throws IOException {
        special(TestTokenizers.byteLevel(folder), "<late>", 300);

        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("added token '<late>' has id 300");
    }

    @Test
    void refusesASpecialTokenWithTheIdOfAnother(@TempDir Path folder) throws IOException {
        special(TestTokenizers.byteFallback(folder), "\u2581<PRE>", 261);

        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has id 261, which is 'hi'");
    }

    /** A client's {@code <|x|>\n\n\n} would end the process. */
    @Test
    void refusesTokensAtWhichTheLibraryEndsTheProcess(@TempDir Path folder) throws IOException {
        for (String place : List.of("tokenizer.json", "tokenizer_config.json")) {
            TestTokenizers.byteLevel(folder);
            flagged(folder, place, Map.of("<|x|>", "rstrip", "\n\n", "lstrip"));
            assertThatThrownBy(() -> Tokenizer.open(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "added token \"\\n\\n\" has lstrip and \"<|x|>\" has rstrip");
        }
        for (Map<String, String> flags :
                List.of(
                        Map.of("<|x|>", "rstrip", "\n\n", "single_word"),
                        Map.of("<|x|>", "lstrip", "\n\n", "lstrip"),
                        Map.of("<|x|>", "rstrip", "<|y|>", "lstrip"))) {
            TestTokenizers.byteLevel(folder);
            Files.deleteIfExists(folder.resolve("tokenizer_config.json"));
            flagged(folder, "tokenizer.json", flags);
            try (Tokenizer tokenizer = Tokenizer.open(folder)) {
                assertThat(tokenizer.encode("<|x|>\n\n\na <|x|>  <|y|>\n\n", false)).isNotEmpty();
            }
        }
    }

    /** Adds special tokens, each with one flag, to one of the two files. */
    private static void flagged(Path folder, String place, Map<String, String> flags)
            throws IOException {
        ObjectNode root = TestTokenizers.json(folder);
        ObjectNode decoder = JsonMapper.shared().createObjectNode();
        int id = 269;
        for (Map.Entry<String, String> each : new TreeMap<>(flags).entrySet()) {
            ObjectNode token =
                    JsonMapper.shared()
                            .createObjectNode()
                            .put("content", each.getKey())
                            .put("special", true)
                            .put("normalized", false);
            for (String flag : List.of("single_word", "lstrip", "rstrip")) {
                token.put(flag, flag.equals(each.getValue()));
            }
            decoder.set(String.valueOf(id), token);
            if (place.equals("tokenizer.json")) {
                root.withArray("added_tokens").add(token.deepCopy().put("id", id));
            }
            id++;
        }
        TestTokenizers.write(folder, root);
        if (place.equals("tokenizer_config.json")) {
            ObjectNode config = JsonMapper.shared().createObjectNode();
            config.set("added_tokens_decoder", decoder);
            Files.writeString(folder.resolve(place), config.toString());
        }
    }

    @Test
    void refusesFlagsThatChangeTheTextsOfTokens(@TempDir Path folder) throws IOException {
        TestTokenizers.byteLevel(folder);
        String cleans = "clean_up_tokenization_spaces";
        String ofBpe = cleans + "_for_bpe_even_though_it_will_corrupt_output";
        for (String flags :
                List.of(
                        "{\"split_special_tokens\": false, \"" + ofBpe + "\": true}",
                        "{\"" + cleans + "\": true, \"" + ofBpe + "\": false}",
                        "{\"split_special_tokens\": null}")) {
            Files.writeString(folder.resolve("tokenizer_config.json"), flags);
            Tokenizer.open(folder).close();
        }
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"split_special_tokens\": true}");
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("split_special_tokens is true; allowed: false");
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"" + cleans + "\": true, \"" + ofBpe + "\": true}");
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(ofBpe + " is true");
    }

    /** Gemma lists its newlines, runs of spaces and HTML's tags as added tokens. */
    @Test
    void addedBlanksAreTextAndAllOtherAddedTokensAreMore(@TempDir Path folder) throws IOException {
        TestTokenizers.byteLevel(folder);
        added(folder, "\n\n", 269, false);
        added(folder, "   ", 270, false);
        added(folder, "<table>", 271, false);
        added(folder, "\t", 272, true);

        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            byte[] @Nullable [] vocabulary = tokenizer.vocabulary();
            assertThat(tokenizer.isAdded(269)).isFalse();
            assertThat(vocabulary[269]).asString().isEqualTo("\n\n");
            assertThat(vocabulary[270]).asString().isEqualTo("   ");
            assertThat(vocabulary[271]).isNull();
            assertThat(vocabulary[272]).isNull();
            assertThat(tokenizer.isAdded(271)).isTrue();
        }
    }

    private static void special(Path folder, String content, int id) throws IOException {
        added(folder, content, id, true);
    }

    private static void added(Path folder, String content, int id, boolean special)
            throws IOException {
        ObjectNode root = TestTokenizers.json(folder);
        ((ArrayNode) root.get("added_tokens"))
                .addObject()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", special);
        TestTokenizers.write(folder, root);
    }
}
