package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.BASE;
import static dev.weft.format.lora.SmallAdapter.PREFIX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.lora.canonical.FoldedAdapter;
import dev.weft.format.lora.config.DeclaredTask;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraTask;
import dev.weft.format.pooling.Pooling;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that were trained for vectors of texts or for scores of labels. */
class TaskAdaptersTest extends FolderTest {
    private static final String SCORE = "base_model.model.score.";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "score.weight",
                "classifier.weight",
                "score.modules_to_save.weight",
                "score.modules_to_save.default.weight"
            })
    void readsAHeadOfLabelsByItsNames(String name) throws IOException {
        SmallAdapter named =
                classifier()
                        .rename(it ->
                                it.equals(SCORE + "weight") ? "base_model.model." + name : it);
        try (LoraAdapter adapter = accept(named);
                LoraAdapter plain = accept(classifier())) {
            assertThat(adapter.task())
                    .isInstanceOfSatisfying(
                            LoraTask.Classification.class,
                            head -> {
                                assertThat(head.labels()).isEqualTo(3);
                                assertThat(head.bias()).isNull();
                                assertThat(head.fits(12)).isTrue();
                                assertThat(head.fits(13)).isFalse();
                            });
            assertThat(adapter.extras()).containsExactly("a head of labels (SEQ_CLS)");
            assertThat(adapter.facts().parameters()).isEqualTo(2 * (4 * 12 + 20 * 4) + 3 * 12);
            assertThat(adapter.digest()).isEqualTo(plain.digest());
        }
    }

    /** transformers' models of labels have no {@code lm_head}: PEFT never meets the name. */
    @Test
    void aModelOfLabelsHasNoHeadOfTokens() throws IOException {
        SmallAdapter named = classifier().with("target_modules", List.of("lm_head", "q_proj"));
        SmallAdapter saved =
                classifier()
                        .with("modules_to_save", List.of("classifier", "score", "lm_head"))
                        .with("ensure_weight_tying", true);
        try (LoraAdapter adapter = accept(named);
                LoraAdapter same = accept(saved);
                LoraAdapter plain = accept(classifier())) {
            assertThat(adapter.digest()).isEqualTo(plain.digest());
            assertThat(same.digest()).isEqualTo(plain.digest());
        }
    }

    @Test
    void theHeadDecidesAboutTheDigest() throws IOException {
        Tensor other = SmallAdapter.tensor(SCORE + "weight", DType.F32, new float[36], 3, 12);
        Tensor bias = SmallAdapter.random(SCORE + "bias", DType.F32, 3);
        try (LoraAdapter adapter = accept(classifier());
                LoraAdapter changed = accept(classifier().put(other));
                LoraAdapter biased = accept(classifier().put(bias))) {
            assertThat(List.of(adapter.digest(), changed.digest(), biased.digest()))
                    .doesNotHaveDuplicates();
            assertThat(biased.task().tensors()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 13", "3, 11", "0, 12", "16385, 12"})
    void refusesAHeadOfAnotherShape(int labels, int hidden) throws IOException {
        Tensor head =
                SmallAdapter.tensor(
                        SCORE + "weight", DType.F32, new float[labels * hidden], labels, hidden);
        assertThat(refuse(classifier().put(head), 8))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("SHAPE_MISMATCH");
                    assertThat(reason.tensor()).isEqualTo(SCORE + "weight");
                    assertThat(reason.found()).isEqualTo("[" + labels + ", " + hidden + "]");
                    assertThat(reason.allowed()).isEqualTo("[1 to 16384, 12]");
                });
    }

    @Test
    void refusesAHeadThatIsMissingTwofoldOrNotOfNumbers() throws IOException {
        assertCodes(classifier().drop(SCORE + "weight"), "MISSING_TENSOR");
        assertCodes(
                classifier()
                        .put(
                                SmallAdapter.random(
                                        "base_model.model.classifier.weight", DType.F32, 3, 12)),
                "DUPLICATE_TENSOR");
        float[] wrong = new float[36];
        wrong[5] = Float.NaN;
        assertCodes(
                classifier().put(SmallAdapter.tensor(SCORE + "weight", DType.F32, wrong, 3, 12)),
                "NOT_FINITE");
        assertCodes(
                classifier().put(SmallAdapter.random(SCORE + "bias", DType.F32, 4)),
                "SHAPE_MISMATCH");
        assertCodes(
                classifier()
                        .put(
                                SmallAdapter.tensor(
                                        SCORE + "weight", DType.I32, new float[36], 3, 12)),
                "UNSUPPORTED_DTYPE");
    }

    @Test
    void otherTasksHaveNoHead() throws IOException {
        assertCodes(classifier().with("task_type", "CAUSAL_LM"), "UNSUPPORTED_SETTING");
        assertCodes(classifier().with("task_type", "FEATURE_EXTRACTION"), "UNSUPPORTED_SETTING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOKEN_CLS", "QUESTION_ANS"})
    void refusesOtherHeadsByName(String task) throws IOException {
        assertThat(refuse(adapter().with("task_type", task), 8))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.tensor()).isEqualTo("task_type");
                    assertThat(reason.found()).isEqualTo(task);
                });
    }

    /** PEFT wraps the decoder alone, so that there is no model around it to be named. */
    @Test
    void readsNamesWithAndWithoutTheModelAroundTheDecoder() throws IOException {
        try (LoraAdapter around = accept(embedding());
                LoraAdapter alone = accept(alone())) {
            assertThat(alone.digest()).isEqualTo(around.digest());
            assertThat(alone.pairs()).hasSize(2);
            assertThat(alone.task()).isEqualTo(new LoraTask.Embedding(null));
            assertThat(alone.extras()).containsExactly("the task FEATURE_EXTRACTION");
        }
        assertThat(refuse(alone().with("task_type", "CAUSAL_LM"), 8))
                .extracting(Reason::code)
                .contains("UNKNOWN_TENSOR");
    }

    @Test
    void matchesPatternsAgainstTheNamesThatPeftSaw() throws IOException {
        SmallAdapter whole = alone().with("target_modules", "layers\\.\\d+\\.self_attn\\.q_proj");
        assertAccepted(whole);
        assertThat(refuse(whole.with("target_modules", "model\\.layers.*q_proj"), 8))
                .extracting(Reason::code)
                .contains("NO_TARGETS");
    }

    @Test
    void takesThePoolingFromTheFilesBesideIt() throws IOException {
        write("modules.json", stages("Normalize"));
        write("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": true}");
        Pooling mean = new Pooling(Pooling.Mode.MEAN, true);
        try (LoraAdapter adapter = accept(embedding())) {
            assertThat(adapter.task()).isEqualTo(new LoraTask.Embedding(mean));
            Path to = Files.createDirectory(folder.resolve("to"));
            CanonicalAdapter.normalise(folder, adapter, BASE, to);
            assertThat(DeclaredTask.of(to))
                    .isEqualTo(new DeclaredTask(AdapterTask.FEATURE_EXTRACTION, mean));
        }
        write("sentence_bert_config.json", "{\"max_seq_length\": 512}");
        try (LoraAdapter adapter = accept(embedding())) {
            Path to = Files.createDirectory(folder.resolve("longest"));
            CanonicalAdapter.normalise(folder, adapter, BASE, to);
            assertThat(DeclaredTask.of(to).pooling())
                    .isEqualTo(new Pooling(Pooling.Mode.MEAN, true, OptionalInt.of(512)));
        }
        write("1_Pooling/config.json", "{\"pooling_mode_max_tokens\": true}");
        assertThat(refuse(embedding(), 8))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.file()).isEqualTo("1_Pooling/config.json");
                    assertThat(reason.tensor()).isEqualTo("pooling_mode_max_tokens");
                });
        // an adapter that makes text is pooled by nobody
        assertAccepted(adapter());
    }

    @Test
    void itsConfigurationMaySayThePooling() throws IOException {
        Map<String, Object> last = Map.of("mode", "last", "normalized", false);
        try (LoraAdapter adapter = accept(embedding().with(DeclaredTask.POOLING, last));
                LoraAdapter silent = accept(embedding())) {
            assertThat(adapter.task())
                    .isEqualTo(new LoraTask.Embedding(new Pooling(Pooling.Mode.LAST, false)));
            assertThat(adapter.digest()).isNotEqualTo(silent.digest());
        }
        Map<String, Object> longest = Map.of("mode", "last", "normalized", false, "longest", 9);
        try (LoraAdapter any = accept(embedding().with(DeclaredTask.POOLING, last));
                LoraAdapter some = accept(embedding().with(DeclaredTask.POOLING, longest))) {
            assertThat(some.digest()).isNotEqualTo(any.digest());
        }
        assertCodes(
                embedding().with(DeclaredTask.POOLING, Map.of("mode", "max", "normalized", true)),
                "INVALID_VALUE");
        assertCodes(embedding().with(DeclaredTask.POOLING, "last"), "INVALID_VALUE");
        assertCodes(
                embedding()
                        .with(
                                DeclaredTask.POOLING,
                                Map.of("mode", "last", "normalized", true, "longest", 0)),
                "INVALID_VALUE");
    }

    @Test
    void isWrittenAndReadAgain() throws IOException {
        SmallAdapter biased = classifier().put(SmallAdapter.random(SCORE + "bias", DType.BF16, 3));
        int number = 0;
        for (SmallAdapter adapter : List.of(classifier(), biased, embedding(), alone())) {
            Path from = folder.resolve("from-" + number);
            Path to = Files.createDirectory(folder.resolve("to-" + number++));
            switch (LoraFolder.check(adapter.write(from), BASE, 8)) {
                case LoraCheck.Accepted(LoraAdapter accepted, List<Reason> warnings) -> {
                    try (accepted) {
                        assertThat(warnings).isEmpty();
                        CanonicalAdapter.normalise(from, accepted, BASE, to);
                        assertThat(DeclaredTask.of(to).kind()).isEqualTo(accepted.task().kind());
                    }
                }
                case LoraCheck.Refused refused -> throw new AssertionError(refused);
            }
        }
    }

    @Test
    void formsThatHoldPairsAloneRefuseIt() throws IOException {
        for (SmallAdapter small : List.of(classifier(), embedding())) {
            try (LoraAdapter adapter = accept(small)) {
                assertThatThrownBy(() -> FoldedAdapter.write(adapter, BaseShape.PLAIN, folder))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(adapter.task().kind().name());
            }
        }
    }

    @Test
    void anInvocationIsForText() throws IOException {
        assertThat(refuse(embedding().with("alora_invocation_tokens", List.of(1, 2)), 8))
                .singleElement()
                .satisfies(
                        reason -> assertThat(reason.tensor()).isEqualTo("alora_invocation_tokens"));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String stages(String last) {
        return """
        [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
         {"idx": 2, "path": "2_%s", "type": "sentence_transformers.models.%s"}]\
        """
                .formatted(last, last);
    }

    private static SmallAdapter adapter() {
        return SmallAdapter.of(4, 8, LinearModule.Q);
    }

    private static SmallAdapter embedding() {
        return adapter().with("task_type", "FEATURE_EXTRACTION");
    }

    private static SmallAdapter alone() {
        return embedding()
                .rename(name -> "base_model.model.layers." + name.substring(PREFIX.length()));
    }

    private static SmallAdapter classifier() {
        return adapter()
                .with("task_type", "SEQ_CLS")
                .with("modules_to_save", List.of("classifier", "score"))
                .put(SmallAdapter.random(SCORE + "weight", DType.F32, 3, 12));
    }
}
