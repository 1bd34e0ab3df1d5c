package dev.weft.inference.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tokens that transformers 5.19's AutoTokenizer made of the same folders. */
class AddedTokensTest {
    private static final String CONFIG = "tokenizer_config.json";

    @TempDir Path folder;

    @BeforeEach
    void writesATokenizer() throws IOException {
        TestTokenizers.byteLevel(folder);
    }

    @Test
    void takesTheConfigurationsFlags() throws IOException {
        assertTokens("a <|im_end|>b", 97, 32, 268, 98);
        write(CONFIG, decoder(token(268, "<|im_end|>", true, "lstrip")));
        assertTokens("a <|im_end|>b", 97, 268, 98);
        write(CONFIG, decoder(token(300, "<|im_end|>", true, "rstrip")));
        assertTokens("<|im_end|> a", 268, 97);
        assertText(List.of(268, 97), "a");
    }

    @Test
    void leavesATokenSpecialThatTokenizerJsonCallsSo() throws IOException {
        write(CONFIG, decoder(token(267, "<|im_start|>", false, "lstrip")));

        assertTokens(" <|im_start|>x", 267, 120);
        assertText(List.of(267, 120), "x");
    }

    @Test
    void makesATokenSpecialThatTheConfigurationCallsSo() throws IOException {
        notSpecial("<|im_end|>");
        assertText(List.of(268, 98), "<|im_end|>b");
        write(CONFIG, decoder(token(268, "<|im_end|>", true, "lstrip")));
        assertText(List.of(268, 98), "b");
    }

    @Test
    void putsNewTokensBehindTheVocabularyWhateverIdsTheyHave() throws IOException {
        write(CONFIG, decoder(token(280, "<far>", false, ""), token(269, "<new>", true, "")));

        assertTokens("a<new>b<far>", 97, 269, 98, 270);
        assertText(List.of(97, 269, 98, 270), "ab<far>");
    }

    @Test
    void addsARenamedTokenBesideTheOldOne() throws IOException {
        write(CONFIG, decoder(token(268, "<renamed>", true, "")));

        assertTokens("<renamed><|im_end|>", 269, 268);
    }

    @Test
    void addsANamedTokenOfTheVocabularyWithItsId() throws IOException {
        write(CONFIG, "{\"eos_token\": \"hello\"}");

        assertTokens("xhello", 120, 259);
        assertText(List.of(120, 259), "x");
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.vocabulary()[259]).isNull();
        }
    }

    @Test
    void addsNamedTokensThatAreInNeither() throws IOException {
        write(
                CONFIG,
                """
                {"image_token": "<img>", "additional_special_tokens": ["<x>", "<y>"],
                 "eos_token": "<eos>", "add_bos_token": true}
                """);

        assertTokens("a<eos>b<img><x><y>", 97, 269, 98, 270, 271, 272);
        assertText(List.of(97, 269, 98, 270, 271, 272), "ab");
    }

    @Test
    void numbersStandardTokensFirstWhateverFileNamesThem() throws IOException {
        write(CONFIG, "{\"bar_token\": \"<b>\"}");
        write("special_tokens_map.json", "{\"pad_token\": \"<d>\"}");

        assertTokens("<b><d>", 270, 269);
    }

    @Test
    void makesNamedTokensSpecialUnlessTheConfigurationListsOthersAlone() throws IOException {
        notSpecial("<|im_end|>");
        write(CONFIG, "{\"eos_token\": \"<|im_end|>\", \"added_tokens_decoder\": {}}");
        assertText(List.of(268, 98), "<|im_end|>b");
        write(CONFIG, "{\"additional_special_tokens\": [\"<|im_end|>\"]}");
        assertText(List.of(268, 98), "<|im_end|>b");
        write(CONFIG, "{\"eos_token\": \"<|im_end|>\"}");
        assertText(List.of(268, 98), "b");
    }

    @Test
    void readsTheOlderFilesUnlessTheConfigurationListsTokens() throws IOException {
        write(
                "special_tokens_map.json",
                """
                {"eos_token": {"content": "<e>", "lstrip": true, "normalized": false},
                 "qux_token": "<q>", "additional_special_tokens": ["<as>"]}
                """);
        assertTokens("a <e><q><as>b", 97, 269, 270, 271, 98);
        write("added_tokens.json", "{\"<k>\": 270, \"<e>\": 269, \"<taken>\": 266}");
        assertTokens("a<e><k><q><as>", 97, 269, 270, 271, 272);
        assertText(List.of(97, 269, 270, 271, 272), "a<k>");
        write(CONFIG, decoder(token(268, "<|im_end|>", true, "")));
        assertUnchanged("a <e><q><as><k>b");
    }

    @Test
    void leavesATokenWithoutARowOut() throws IOException {
        write("config.json", "{\"vocab_size\": 270}");
        write(
                CONFIG,
                """
                {"bos_token": "hello", "eos_token": "<eos>", "pad_token": "<pad>"}
                """);

        assertTokens("hello<eos><pad>", 259, 269, '<', 'p', 'a', 'd', '>');
        write("config.json", "{\"text_config\": {\"vocab_size\": 269}}");
        write(CONFIG, "{\"eos_token\": \"<eos>\"}");
        assertUnchanged("<eos>");
    }

    @Test
    void leavesTheFileAsItIsIfAnIdIsTaken() throws IOException {
        ObjectNode root = TestTokenizers.json(folder);
        ((ArrayNode) root.get("added_tokens")).removeAll();
        ObjectNode vocabulary = (ObjectNode) root.at("/model/vocab");
        vocabulary.remove("ðŁ");
        vocabulary.put("zz", 266);
        ArrayNode merges = (ArrayNode) root.at("/model/merges");
        merges.remove(merges.size() - 1);
        TestTokenizers.write(folder, root);
        write(CONFIG, "{\"eos_token\": \"<eos>\"}");

        assertUnchanged("<eos>");
    }

    @Test
    void leavesTheFileAsItIsIfTheConfigurationCannotBeRead() throws IOException {
        for (String config :
                List.of(
                        "{oops",
                        "{\"eos_token\": [1]}",
                        decoder("\"x\": {\"content\": \"<a>\"}"))) {
            write(CONFIG, config);
            assertUnchanged("<a>");
        }
    }

    private static String decoder(String... tokens) {
        return "{\"added_tokens_decoder\": {" + String.join(",", tokens) + "}}";
    }

    private static String token(int id, String content, boolean special, String flag) {
        return "\"%d\": {\"content\": \"%s\", \"special\": %s, \"normalized\": false%s}"
                .formatted(id, content, special, flag.isEmpty() ? "" : ", \"" + flag + "\": true");
    }

    private void notSpecial(String content) throws IOException {
        ObjectNode root = TestTokenizers.json(folder);
        for (JsonNode token : root.get("added_tokens")) {
            if (token.get("content").stringValue().equals(content)) {
                ((ObjectNode) token).put("special", false);
            }
        }
        TestTokenizers.write(folder, root);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void assertUnchanged(String text) throws IOException {
        assertTokens(text, text.chars().toArray());
    }

    private void assertTokens(String text, int... tokens) throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode(text, false).stream().mapToInt(Integer::intValue).toArray())
                    .containsExactly(tokens);
        }
    }

    /** Text of an answer, without special tokens. */
    private void assertText(List<Integer> tokens, String text) throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            Detokenizer detokenizer = tokenizer.detokenizer(List.of(98), true);
            StringBuilder all = new StringBuilder();
            tokens.forEach(token -> all.append(detokenizer.add(token)));
            assertThat(all + detokenizer.finish()).isEqualTo(text);
        }
    }
}
