package dev.weft.inference.server.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class DetokenizerTest {
    private static final List<Integer> PROMPT = List.of(97);

    @Test
    void holdsASplitEmojiBackUntilItIsWhole(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = open(TestTokenizers.byteLevel(folder))) {
            Detokenizer text = tokenizer.detokenizer(PROMPT, true);

            assertThat(List.of(text.add(265), text.add(0x98), text.add(0x80), text.finish()))
                    .containsExactly("", "", "😀", "");
        }
    }

    @Test
    void holdsASplitEmojiOfByteTokensBackToo(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = open(TestTokenizers.byteFallback(folder))) {
            Detokenizer text = tokenizer.detokenizer(List.of(1, 260), true);

            assertThat(
                            List.of(
                                    text.add(3 + 0xF0),
                                    text.add(3 + 0x9F),
                                    text.add(3 + 0x98),
                                    text.add(3 + 0x80)))
                    .containsExactly("", "", "", "😀");
        }
    }

    @Test
    void showsBytesThatBecomeNothingAtTheEnd(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = open(TestTokenizers.byteLevel(folder))) {
            Detokenizer text = tokenizer.detokenizer(PROMPT, true);

            assertThat(text.add(0xF0) + text.add(0x9F)).isEmpty();
            assertThat(text.finish()).isEqualTo("\uFFFD");
        }
    }

    /** Random tokens, broken characters and special tokens included, against the library itself. */
    @Test
    void makesTheTextThatTheLibraryMakes(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = open(TestTokenizers.byteLevel(folder))) {
            SplittableRandom random = new SplittableRandom(7);
            for (int run = 0; run < 2_000; run++) {
                List<Integer> tokens = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    // bytes over 0x7F half of the time, so that characters are made and broken
                    tokens.add(
                            random.nextBoolean() ? random.nextInt(269) : 128 + random.nextInt(128));
                }
                assertThat(streamed(tokenizer.detokenizer(PROMPT, false), tokens))
                        .as("tokens %s", tokens)
                        .isEqualTo(tokenizer.decode(tokens));
            }
        }
    }

    @Test
    void makesTheLibrarysTextOfByteTokensToo(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = open(TestTokenizers.byteFallback(folder))) {
            SplittableRandom random = new SplittableRandom(11);
            List<String> words = List.of("h", "é", "😀", "hi", " ", "漢", "z");
            for (int run = 0; run < 2_000; run++) {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < 8; i++) {
                    text.append(words.get(random.nextInt(words.size())));
                }
                List<Integer> tokens = tokenizer.encode(text.toString(), false);
                String whole = tokenizer.decode(tokens);

                assertThat(whole).isEqualTo(text.toString());
                assertThat(streamed(tokenizer.detokenizer(List.of(1), true), tokens))
                        .as("tokens %s", tokens)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void replacesEachByteOfABrokenRunAsTheLibraryDoes(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = open(TestTokenizers.byteFallback(folder))) {
            List<Integer> tokens = List.of(261, 3 + 0xF0, 3 + 0x9F, 262, 3 + 0xE2, 3 + 0x82);

            assertThat(streamed(tokenizer.detokenizer(List.of(260), true), tokens))
                    .isEqualTo(" " + tokenizer.decode(tokens))
                    .isEqualTo(" hi\uFFFD\uFFFDa\uFFFD\uFFFD");
        }
    }

    @Test
    void keepsTheSpaceBeforeAWordThatContinuesAPrompt(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = open(TestTokenizers.byteFallback(folder))) {
            int hi = 261;
            assertThat(tokenizer.detokenizer(List.of(1, hi), true).add(hi)).isEqualTo(" hi");
            assertThat(tokenizer.detokenizer(List.of(1), true).add(hi)).isEqualTo("hi");
        }
    }

    /** Tokens with several marks, the first one of a text and later ones, against the library. */
    @ParameterizedTest
    @ValueSource(strings = {"always", "first", "never"})
    void dropsEachMarkOfTheFirstTokenIfTheDecoderIsMetaspace(String scheme, @TempDir Path folder)
            throws IOException {
        ObjectNode root = TestTokenizers.json(TestTokenizers.byteFallback(folder));
        root.withObject("/decoder")
                .removeAll()
                .put("type", "Metaspace")
                .put("replacement", "\u2581")
                .put("prepend_scheme", scheme)
                .put("split", true);
        ((ObjectNode) root.at("/model/vocab")).put("\u2581\u2581x\u2581y", 288).put("a b", 289);
        TestTokenizers.write(folder, root);
        try (Tokenizer tokenizer = open(folder)) {
            SplittableRandom random = new SplittableRandom(3);
            for (int run = 0; run < 500; run++) {
                List<Integer> tokens = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    tokens.add(random.nextBoolean() ? 288 : 259 + random.nextInt(31));
                }
                assertThat(streamed(tokenizer.detokenizer(List.of(1), true), tokens))
                        .as("tokens %s", tokens)
                        .isEqualTo(tokenizer.decode(tokens));
            }
            assertThat(tokenizer.detokenizer(List.of(262), true).add(288)).isEqualTo("  x y");
            assertThat(tokenizer.detokenizer(List.of(1), true).add(288))
                    .isEqualTo(scheme.equals("never") ? "  x y" : "xy");
        }
    }

    @Test
    void knowsTheBytesOfATokenAndNamesPartsOfCharacters(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = open(TestTokenizers.byteLevel(folder))) {
            assertThat(tokenizer.text(264)).isEqualTo(" world");
            assertThat(tokenizer.bytes(264)).isEqualTo(" world".getBytes(StandardCharsets.UTF_8));
            assertThat(tokenizer.text(265)).isEqualTo("bytes:\\xf0\\x9f");
            assertThat(tokenizer.bytes(265)).containsExactly(0xF0, 0x9F);
            assertThat(tokenizer.text(TestTokenizers.IM_END)).isEqualTo("<|im_end|>");
            assertThat(tokenizer.bytes(299)).isEmpty();
        }
    }

    @Test
    void writesEveryByteAsGpt2Does() {
        for (int b = 0; b < 256; b++) {
            assertThat(ByteAlphabet.bytes(TestTokenizers.character(b))).containsExactly(b);
        }
    }

    @Test
    void refusesDecodersItDoesNotKnowByName(@TempDir Path folder) throws IOException {
        Path file = TestTokenizers.byteLevel(folder).resolve("tokenizer.json");
        String json = Files.readString(file);
        int at = json.indexOf("\"decoder\":{\"type\":\"ByteLevel\"");
        Files.writeString(
                file,
                json.substring(0, at) + json.substring(at).replaceFirst("ByteLevel", "WordPiece"));

        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("WordPiece");
    }

    private static Tokenizer open(Path folder) throws IOException {
        return Tokenizer.open(folder);
    }

    private static String streamed(Detokenizer detokenizer, List<Integer> tokens) {
        StringBuilder text = new StringBuilder();
        tokens.forEach(token -> text.append(detokenizer.add(token)));
        return text.append(detokenizer.finish()).toString();
    }
}
