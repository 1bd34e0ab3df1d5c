package dev.weft.inference.server.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.weft.inference.cpu.Perplexity;
import dev.weft.inference.cpu.kernel.attention.KvPrecision;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.server.measure.rounded.RoundedBase;
import dev.weft.inference.server.measure.rounded.RoundedForm;
import dev.weft.inference.server.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class PerplexityMeasureTest {
    private static final Path TEXT = Path.of("../../samples/text/everyday.txt");
    private static final Path TINY = Path.of("../../samples/weft-tiny/base");
    private static final Path HELD_OUT = Path.of("../../samples/weft-tiny/heldout.json");
    private static final Path MODELS = Path.of("../../../shared/models");

    private static final Path QUANTISED = Path.of("../../../shared/goldens/families/quantised");

    /** Relative; the same floats are multiplied in the same order. */
    private static final double EQUAL = 1e-6;

    /** Characters; dequantising takes a while. */
    private static final int SHORT_TEXT = 800;

    /** Characters: two windows, of which three passes take half a minute. */
    private static final int SOME_TEXT = 4000;

    @TempDir Path folder;

    private final List<String> progress = new ArrayList<>();

    private BasePerplexity measure(String text) throws IOException {
        return new PerplexityMeasure(text, progress::add).of(TINY);
    }

    @Test
    void theSamplePredictsItsChatsAlikeInBothPrecisionsAndTheirWordsInAnyOrderWorse()
            throws IOException {
        String chats = chats();
        BasePerplexity measured = measure(chats);
        List<String> words = Arrays.asList(chats.split("(?<= )"));
        Collections.shuffle(words, new Random(3));
        assertThat(measured.bf16()).isLessThan(measure(String.join("", words)).bf16() / 10);
        assertThat(measured.ratio()).isBetween(0.95, 1.05);
        assertThat(measured.cacheRatio()).isBetween(0.95, 1.05);
        assertThat(measured.window()).isEqualTo(512);
    }

    /** Some that it was not trained on. */
    private static String chats() throws IOException {
        JsonNode held = JsonMapper.shared().readTree(Files.readString(HELD_OUT));
        return held.path("prompts")
                .valueStream()
                .limit(20)
                .map(chat ->
                        chat.path("prompt").asString()
                                + chat.at("/answers/base/expected").asString()
                                + "<|im_end|>\n")
                .collect(Collectors.joining());
    }

    @Test
    void countsWhatItPredictsAndTellsHowFarItIs() throws IOException {
        BasePerplexity measured = measure("Select all names from the table of members.");
        assertThat(progress)
                .containsExactly(
                        "loading the base in bf16",
                        "bf16: %1$d of %1$d tokens predicted".formatted(measured.tokens()),
                        "loading the base in int8",
                        "int8: %1$d of %1$d tokens predicted".formatted(measured.tokens()),
                        "loading the base in bf16 with the KV cache in int8",
                        "bf16 with the KV cache in int8: %1$d of %1$d tokens predicted"
                                .formatted(measured.tokens()));
    }

    @Test
    void aTextOfOneTokenIsRefused() {
        assertThatThrownBy(() -> measure("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the text has less than two tokens, so that there is nothing to predict");
        assertThat(progress).isEmpty();
    }

    static boolean quantisedAreThere() {
        return Files.isDirectory(QUANTISED);
    }

    /** Random weights are sensitive to any rounding: only floats of the stored values agree. */
    @ParameterizedTest
    @ValueSource(strings = {"awq", "gptq-asym", "gptq-sym", "gptq-sym-order", "int4-sym"})
    @EnabledIf(
            value = "quantisedAreThere",
            disabledReason = "needs shared/goldens/families beside the checkout")
    void weightsIn4BitsPredictAsTheDequantisedDo(String form) throws IOException {
        BasePerplexity measured =
                new PerplexityMeasure(chats(), progress::add)
                        .of(QUANTISED.resolve(form).resolve("base"));
        assertThat(measured.dequantisedRatio().orElseThrow())
                .as("%s: %s", form, measured)
                .isCloseTo(1, offset(EQUAL));
        assertThat(measure("Select all names.").dequantised()).isEmpty();
    }

    /** Each matrix of GPTQ sorts its inputs in its own way, gate and up of an expert too. */
    @ParameterizedTest
    @CsvSource({
        "mixtral, GPTQ",
        "mixtral, PACKED",
        "qwen3_moe, GPTQ",
        "qwen3_moe, AWQ",
        "qwen3_moe, PACKED"
    })
    @EnabledIf(
            value = "quantisedAreThere",
            disabledReason = "needs shared/goldens/families beside the checkout")
    void expertsIn4BitsPredictAsTheDequantisedDo(String family, RoundedForm form)
            throws IOException {
        Path base = QUANTISED.resolveSibling(family).resolve("base");
        try (RoundedBase rounded = RoundedBase.write(base, form, folder)) {
            double in4Bits = perplexity(rounded.folder(), false);
            assertThat(in4Bits / perplexity(rounded.folder(), true)).isCloseTo(1, offset(EQUAL));
            assertThat(in4Bits).isNotEqualTo(perplexity(base, false));
        }
    }

    static boolean modelsAreThere() {
        return Files.isDirectory(MODELS);
    }

    @Test
    @EnabledIf(value = "modelsAreThere", disabledReason = "needs shared/models beside the checkout")
    void int8IsWithinOnePercentOfBf16OnARealModel() throws Exception {
        BasePerplexity measured =
                new PerplexityMeasure(everyday(SOME_TEXT), progress::add).of(unpack());
        System.out.println("perplexity of SmolLM2: " + measured);
        // of the whole text: docs/performance.md
        assertThat(measured.ratio()).isBetween(0.99, 1.01);
        assertThat(measured.cacheRatio()).isBetween(0.99, 1.01);
        assertThat(measured.bf16()).isBetween(5.0, 40.0);
    }

    /** Rounded to nearest in the layouts whose inputs are sorted, and whose zeros are not 8. */
    @Test
    @EnabledIf(value = "modelsAreThere", disabledReason = "needs shared/models beside the checkout")
    void weightsIn4BitsPredictAsTheDequantisedOfARealModelDo() throws Exception {
        Path base = unpack();
        for (RoundedForm form : List.of(RoundedForm.GPTQ, RoundedForm.AWQ)) {
            try (RoundedBase rounded = RoundedBase.write(base, form, folder)) {
                double in4Bits = perplexity(rounded.folder(), false);
                double dequantised = perplexity(rounded.folder(), true);
                assertThat(in4Bits).as(form.toString()).isBetween(5.0, 100.0);
                assertThat(in4Bits / dequantised).as(form.toString()).isCloseTo(1, offset(EQUAL));
            }
        }
    }

    /** In bf16, of some of the text. */
    private static double perplexity(Path checkpoint, boolean dequantised) throws IOException {
        Perplexity.Numbers numbers =
                new Perplexity.Numbers(Precision.BF16, KvPrecision.INT16, dequantised);
        String text = everyday(SHORT_TEXT);
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint)) {
            TextWindows windows = TextWindows.of(tokenizer, text, 512);
            try (Perplexity perplexity = Perplexity.open(checkpoint, numbers, windows.longest())) {
                windows.windows().forEach(perplexity::add);
                return perplexity.value();
            }
        }
    }

    private static String everyday(int characters) throws IOException {
        return Files.readString(TEXT).substring(0, characters);
    }

    private Path unpack() throws Exception {
        Path target = folder.resolve("SmolLM2-135M-Instruct").toAbsolutePath();
        Path log = folder.resolve("unpack.log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "Unpack.java",
                                target.toString())
                        .directory(MODELS.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        return target;
    }
}
