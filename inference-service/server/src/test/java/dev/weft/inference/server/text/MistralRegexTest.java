package dev.weft.inference.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The tokens that transformers 5.19's AutoTokenizer made of the same folders. */
class MistralRegexTest {
    /** Each character for itself. */
    private static final String SPLIT =
            """
            {"type":"Sequence","pretokenizers":[
             {"type":"Split","pattern":{"Regex":"[A-Za-z ]"},"behavior":"Isolated","invert":false},
             {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}
            """;

    private static final String METASPACE =
            """
            {"type":"Metaspace","replacement":"\u2581","prepend_scheme":"first","split":false}
            """;

    private static final List<Integer> FIXED = List.of(259, 264, 32, 49, 50);
    private static final List<Integer> LEFT =
            List.of(104, 101, 108, 108, 111, 32, 119, 111, 114, 108, 100, 32, 49, 50);

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"model_type": "mistral", "transformers_version": "4.50.0"} | true
                    {"model_type": "llama", "transformers_version": "4.50.0"} | false
                    {"model_type": "llama"} | true
                    {"model_type": "mistral", "transformers_version": "5.0.0"} | false
                    {"model_type": "mistral", "transformers_version": "5.0.0.dev0"} | true
                    {"transformers_version": "4.57.1"} | true
                    | false
                    """)
    void splitsByItWhereTransformersDoes(@Nullable String config, boolean isFixed)
            throws IOException {
        write(SPLIT, 100_000);
        if (config != null) {
            Files.writeString(folder.resolve("config.json"), config);
        }
        assertThat(tokens("hello world 12")).isEqualTo(LEFT);
        flag();
        assertThat(tokens("hello world 12")).isEqualTo(isFixed ? FIXED : LEFT);
    }

    @Test
    void leavesSmallVocabulariesAsTheyAre() throws IOException {
        write(SPLIT, 90_000);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"mistral\"}");
        flag();
        assertThat(tokens("hello world 12")).isEqualTo(LEFT);
    }

    @Test
    void makesByteLevelOfMetaspace() throws IOException {
        write(METASPACE, 100_000);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"mistral\"}");
        flag();
        assertThat(tokens("HeLLo hellO he123\n world"))
                .containsExactly(72, 101, 76, 76, 111, 32, 258, 79, 32, 256, 49, 50, 51, 10, 264);
    }

    private void flag() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"fix_mistral_regex\": true}");
    }

    private void write(String preTokenizer, int more) throws IOException {
        ObjectNode root = TestTokenizers.json(TestTokenizers.byteLevel(folder));
        root.set("pre_tokenizer", JsonMapper.shared().readTree(preTokenizer));
        ObjectNode vocabulary = (ObjectNode) root.at("/model/vocab");
        for (JsonNode token : root.get("added_tokens")) {
            vocabulary.put(token.get("content").stringValue(), token.get("id").intValue());
        }
        for (int i = 0; i < more; i++) {
            vocabulary.put("filler" + i, 269 + i);
        }
        TestTokenizers.write(folder, root);
    }

    private List<Integer> tokens(String text) throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            return tokenizer.encode(text, false);
        }
    }
}
