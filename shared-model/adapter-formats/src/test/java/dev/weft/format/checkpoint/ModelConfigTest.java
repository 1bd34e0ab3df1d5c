package dev.weft.format.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.LinearModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {
    private static final String SHAPE =
            """
            "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
            "num_key_value_heads": 2, "intermediate_size": 128, "vocab_size": 300,
            "max_position_embeddings": 256, "rms_norm_eps": 1e-5
            """;

    @Test
    void readsTheSpellingOfTransformers4() {
        ModelConfig config =
                parse(
                        "llama",
                        """
                        "rope_theta": 500000.0, "torch_dtype": "bfloat16", "head_dim": 32,
                        "rope_scaling": {"rope_type": "llama3", "factor": 8.0,
                        "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                        "original_max_position_embeddings": 8192}
                        """);
        assertThat(config.rope().theta()).isEqualTo(500000.0);
        assertThat(config.rope().scaling()).isEqualTo(new RopeScaling.Llama3(8, 1, 4, 8192));
        assertThat(config.shape().attention().headDim()).isEqualTo(32);
        assertThat(config.shape().outputSize(LinearModule.Q)).isEqualTo(128);
        assertThat(config.shape().outputSize(LinearModule.K)).isEqualTo(64);
    }

    @Test
    void readsTheSpellingOfTransformers5() {
        ModelConfig config =
                parse(
                        "qwen3",
                        """
                        "rope_parameters": {"rope_type": "default", "rope_theta": 1000000},
                        "dtype": "bfloat16", "attention_bias": false
                        """);
        assertThat(config.rope().theta()).isEqualTo(1e6);
        assertThat(config.rope().scaling()).isEqualTo(new RopeScaling.None());
        assertThat(config.shape().attention().headDim()).isEqualTo(16);
    }

    @Test
    void aSlidingWindowInUseBoundsTheContext() {
        assertThat(parse("mistral", "\"sliding_window\": 64").contextLength()).isEqualTo(64);
        assertThat(parse("mistral", "\"sliding_window\": null").contextLength()).isEqualTo(256);
        assertThat(
                        parse("qwen2", "\"sliding_window\": 64, \"use_sliding_window\": false")
                                .contextLength())
                .isEqualTo(256);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gemma2 | "x": 1 | model_type 'gemma2' is not served
                    llama | "hidden_act": "gelu" | hidden_act 'gelu' is not served
                    llama | "attention_bias": true | attention_bias true is not served
                    qwen3 | "attention_bias": true | attention_bias true is not served
                    llama | "mlp_bias": true | mlp_bias true is not served
                    llama | "rope_scaling": {"type": "yarn", "factor": 4} | rope_type 'yarn' is not served
                    llama | "rope_parameters": {"rope_type": "longrope"} | rope_type 'longrope' is not served
                    llama | "partial_rotary_factor": 0.5 | partial_rotary_factor 0.5 is not served
                    llama | "num_key_value_heads": 3 | does not divide
                    llama | "hidden_size": "big" | hidden_size is "big"
                    llama | "quantization_config": {"quant_method": "awq"} | quantization_config 'awq'
                    """)
    void refusesByNameWhatItDoesNotServe(String type, String extra, String message) {
        assertThatThrownBy(() -> parse(type, extra))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }

    @Test
    void reportsAllFaultsTogether() {
        assertThatThrownBy(() -> ModelConfig.parse("{\"model_type\":\"bert\"}"))
                .isInstanceOfSatisfying(
                        CheckpointException.class,
                        e -> assertThat(e.faults()).hasSizeGreaterThan(4));
    }

    private static ModelConfig parse(String type, String extra) {
        return ModelConfig.parse("{\"model_type\":\"" + type + "\"," + SHAPE + "," + extra + "}");
    }
}
