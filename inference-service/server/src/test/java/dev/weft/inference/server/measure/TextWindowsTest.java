package dev.weft.inference.server.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inference.server.text.TestTokenizers;
import dev.weft.inference.server.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class TextWindowsTest {
    private static final String BEGINS_WITH_END_OF_TEXT =
            """
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                      {"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens": {"<|endoftext|>": {
                 "id": "<|endoftext|>", "ids": [266], "tokens": ["<|endoftext|>"]}}}
            """;

    @TempDir Path folder;

    @Test
    void cutsATextIntoPiecesOfTheModelsContext() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(TestTokenizers.byteLevel(folder))) {
            TextWindows windows = TextWindows.of(tokenizer, "0123456789", 4);
            assertThat(windows.windows())
                    .extracting(tokenizer::decode)
                    .containsExactly("0123", "4567", "89");
            assertThat(windows.predicted()).isEqualTo(3 + 3 + 1);
            assertThat(windows.longest()).isEqualTo(4);
        }
    }

    @Test
    void leavesOutALastTokenThatHasNothingBeforeIt() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(TestTokenizers.byteLevel(folder))) {
            assertThat(TextWindows.of(tokenizer, "01234", 4).predicted()).isEqualTo(3);
        }
    }

    @Test
    void takesAtMost512TokensAtOnce() throws IOException {
        String text = IntStream.range(0, 600).mapToObj(_ -> "7").collect(Collectors.joining());
        try (Tokenizer tokenizer = Tokenizer.open(TestTokenizers.byteLevel(folder))) {
            TextWindows windows = TextWindows.of(tokenizer, text, 8192);
            assertThat(windows.windows()).extracting(List::size).containsExactly(512, 88);
        }
    }

    @Test
    void everyPieceBeginsWithWhatTheTokenizerPutsBeforeAText() throws IOException {
        TestTokenizers.byteLevel(folder);
        Path file = folder.resolve("tokenizer.json");
        ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
        root.set("post_processor", JsonMapper.shared().readTree(BEGINS_WITH_END_OF_TEXT));
        Files.writeString(file, root.toString());
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            TextWindows windows = TextWindows.of(tokenizer, "012345", 5);
            assertThat(windows.windows())
                    .extracting(tokenizer::decode)
                    .containsExactly("<|endoftext|>0123", "<|endoftext|>45");
            assertThat(windows.predicted()).isEqualTo(6);
        }
    }

    @Test
    void aContextOfOneTokenLeavesNothingToPredict() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(TestTokenizers.byteLevel(folder))) {
            assertThatThrownBy(() -> TextWindows.of(tokenizer, "0123", 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the model's context is too short to predict anything: 1");
        }
    }
}
