package dev.weft.inference.server.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BasePoolingTest {
    @TempDir private Path folder;

    @Test
    void aFolderWithoutFilesSaysNothing() throws IOException {
        BasePooling base = BasePooling.read(folder);
        assertThat(base.pooling()).isNull();
        assertThat(base.declared()).isFalse();
        assertThat(base.whyNot()).contains("no modules.json");
        assertThat(base.prefixes()).isFalse();
        assertThat(base.padding()).isEmpty();
    }

    /** The base still makes text. */
    @Test
    void aPoolingThatIsNotServedIsToldToThoseWhoAsk() throws IOException {
        Files.writeString(folder.resolve("modules.json"), "[{\"type\":\"x.Transformer\"}]");
        BasePooling base = BasePooling.read(folder);
        assertThat(base.pooling()).isNull();
        assertThat(base.declared()).isTrue();
        assertThat(base.whyNot()).startsWith("modules.json: type is [Transformer]");
    }

    @Test
    void readsWhatConfigSaysOfVectors() throws IOException {
        config("{\"is_matryoshka\":true,\"pad_token_id\":null}");
        assertThat(BasePooling.read(folder).prefixes()).isTrue();
        assertThat(BasePooling.read(folder).lengths()).isEmpty();
        config("{\"matryoshka_dimensions\":[64,128],\"pad_token_id\":3}");
        assertThat(BasePooling.read(folder).lengths()).containsExactlyInAnyOrder(64, 128);
        assertThat(BasePooling.read(folder).padding()).hasValue(3);
        config("{\"matryoshka_dimensions\":[0]}");
        assertThatThrownBy(() -> BasePooling.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("matryoshka_dimensions is [0]");
    }

    @Test
    void aPaddingThatIsNotThereIsTheFamilys() throws IOException {
        config("{\"model_type\":\"phi3\"}");
        assertThat(BasePooling.read(folder).padding()).hasValue(32_000);
        config("{\"model_type\":\"phi3\",\"pad_token_id\":null}");
        assertThat(BasePooling.read(folder).padding()).isEmpty();
        config("{\"model_type\":\"phi3\",\"pad_token_id\":5}");
        assertThat(BasePooling.read(folder).padding()).hasValue(5);
        config("{\"model_type\":\"llama\"}");
        assertThat(BasePooling.read(folder).padding()).isEmpty();
    }

    /** Fields of config.json in vLLM's order. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "problem_type": null | PROBABILITIES | ''
                    "problem_type": "regression" | LOGITS | problem_type "regression"
                    "problem_type": "single_label_classification" | PROBABILITIES | problem_type "single_label_classification"
                    "problem_type": "multi_label_classification" | SIGMOIDS | problem_type "multi_label_classification"
                    "problem_type": "ranking" | UNSERVED | problem_type "ranking"
                    "problem_type": 7 | UNSERVED | problem_type 7
                    "sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity"} | LOGITS | sentence_transformers.activation_fn "torch.nn.modules.linear.Identity"
                    "sentence_transformers": {"activation_fn": null}, "sbert_ce_default_activation_function": "torch.nn.modules.linear.Identity" | PROBABILITIES | ''
                    "sentence_transformers": {"version": "5"}, "sbert_ce_default_activation_function": "torch.nn.modules.linear.Identity" | LOGITS | sbert_ce_default_activation_function "torch.nn.modules.linear.Identity"
                    "sbert_ce_default_activation_function": "torch.nn.modules.activation.Sigmoid" | SIGMOID_OF_ONE | sbert_ce_default_activation_function "torch.nn.modules.activation.Sigmoid"
                    "sbert_ce_default_activation_function": "torch.nn.modules.activation.Softmax" | SOFTMAX_OF_SEVERAL | sbert_ce_default_activation_function "torch.nn.modules.activation.Softmax"
                    "sbert_ce_default_activation_function": "torch.nn.modules.activation.Tanh" | UNSERVED | sbert_ce_default_activation_function "torch.nn.modules.activation.Tanh"
                    "problem_type": "regression", "sbert_ce_default_activation_function": "x" | LOGITS | problem_type "regression"
                    """)
    void readsWhatBecomesOfLogits(String fields, LabelActivation.Kind kind, String field)
            throws IOException {
        config("{" + fields + "}");
        assertThat(BasePooling.read(folder).activation())
                .isEqualTo(new LabelActivation(kind, field));
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
    }
}
