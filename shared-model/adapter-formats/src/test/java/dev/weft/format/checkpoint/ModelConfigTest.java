package dev.weft.format.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.RopePlan;
import dev.weft.format.decoder.RopeScaling;
import dev.weft.protocol.adapter.LinearModule;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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

    private static final String ROPE = "\"rope_parameters\": {\"rope_type\": \"default\"}";

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
        RopePlan rope = config.plan().ropes().getFirst();
        assertThat(rope.theta()).isEqualTo(500000.0);
        assertThat(rope.scaling()).isEqualTo(new RopeScaling.Llama3(8, 1, 4, 8192));
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
        RopePlan rope = config.plan().ropes().getFirst();
        assertThat(rope.theta()).isEqualTo(1e6);
        assertThat(rope.scaling()).isEqualTo(new RopeScaling.None());
        // transformers' default for this family, whatever hidden_size says
        assertThat(config.shape().attention().headDim()).isEqualTo(128);
    }

    @Test
    void windowsAreThoseThatTransformersTakes() {
        assertThat(windows("mistral", "\"sliding_window\": 64")).containsExactly(64, 64);
        assertThat(windows("mistral", "\"sliding_window\": null")).containsExactly(0, 0);
        assertThat(windows("mistral", "\"x\": 1")).containsExactly(4096, 4096);
        assertThat(windows("qwen2", "\"sliding_window\": 64, \"use_sliding_window\": false"))
                .containsExactly(0, 0);
        assertThat(
                        windows(
                                "qwen2",
                                """
                                "sliding_window": 64, "use_sliding_window": true,
                                "max_window_layers": 1
                                """))
                .containsExactly(0, 64);
        assertThat(
                        windows(
                                "qwen3",
                                """
                                "sliding_window": 64, "use_sliding_window": true,
                                "layer_types": ["sliding_attention", "full_attention"]
                                """))
                .containsExactly(64, 0);
        assertThat(windows("gemma2", "\"sliding_window\": 8")).containsExactly(8, 0);
        assertThat(windows("gemma3_text", "\"sliding_window_pattern\": 2"))
                .containsExactly(4096, 0);
        assertThat(windows("gpt_oss", ROPE + ", \"sliding_window\": 8")).containsExactly(8, 0);
    }

    @Test
    void gemma3RotatesByLayerTypeInBothSpellings() {
        String four =
                "\"rope_theta\": 2e6, \"rope_local_base_freq\": 3e4, \"rope_scaling\":"
                        + " {\"rope_type\": \"linear\", \"factor\": 8.0}";
        String five =
                """
                "rope_parameters": {
                  "sliding_attention": {"rope_type": "default", "rope_theta": 30000.0},
                  "full_attention": {"rope_type": "linear", "factor": 8, "rope_theta": 2000000}}
                """;
        for (String extra : List.of(four, five)) {
            DecoderPlan plan =
                    parse("gemma3_text", extra + ", \"sliding_window_pattern\": 2").plan();
            assertThat(plan.ropes())
                    .containsExactly(
                            new RopePlan(
                                    3e4, 256, new RopeScaling.None(), 1, RopePlan.Pairs.HALVES),
                            new RopePlan(
                                    2e6, 256, new RopeScaling.Linear(8), 1, RopePlan.Pairs.HALVES));
        }
    }

    @Test
    void yarnIsWorkedOutAsTransformersDoes() {
        RopePlan rope =
                parse(
                                "llama",
                                """
                                "rope_scaling": {"rope_type": "yarn", "factor": 4.0,
                                "original_max_position_embeddings": 64}
                                """)
                        .plan()
                        .ropes()
                        .getFirst();
        assertThat(rope.factor()).isEqualTo((float) (0.1 * Math.log(4) + 1));
        // find_correction_range(32, 1, 16, 10000, 64), truncated
        assertThat(rope.scaling()).isEqualTo(new RopeScaling.Yarn(4, 0, 3, 64));
    }

    /** As vLLM counts: Qwen's recipe, vicuna's, and Gemma 3's, whose field is the stretched one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    llama       | "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 200} | 800
                    llama       | "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 50} | 256
                    llama       | "rope_scaling": {"type": "linear", "factor": 4.0} | 1024
                    llama       | "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64} | 256
                    llama       | "rope_theta": 10000.0 | 256
                    gemma3_text | "rope_scaling": {"rope_type": "linear", "factor": 8.0}, "sliding_window_pattern": 2 | 256
                    """)
    void aSequenceIsAsLongAsTheRotationReaches(String type, String rope, int positions) {
        assertThat(parse(type, rope).contextLength()).isEqualTo(positions);
    }

    /** transformers 5 writes both names of what came with the older one. */
    @Test
    void aTypeOfRotationMayStandThereByBothNames() {
        RopePlan linear =
                new RopePlan(1e4, 16, new RopeScaling.Linear(8), 1, RopePlan.Pairs.HALVES);
        for (String types :
                List.of(
                        "\"type\": \"linear\"",
                        "\"rope_type\": \"linear\"",
                        "\"type\": \"linear\", \"rope_type\": \"linear\"",
                        "\"type\": null, \"rope_type\": \"linear\"")) {
            String rope = "\"rope_scaling\": {\"factor\": 8, " + types + "}";
            assertThat(parse("llama", rope).plan().ropes()).as(types).containsExactly(linear);
        }
        String five =
                "\"rope_parameters\": {\"full_attention\": {\"type\": \"linear\", \"factor\": 8}}";
        assertThat(parse("gemma3_text", five + ", \"sliding_window_pattern\": 2").plan().ropes())
                .extracting(RopePlan::scaling)
                .containsExactly(new RopeScaling.None(), new RopeScaling.Linear(8));
        String renamed =
                """
                "rope_scaling": {"type": "su", "rope_type": "longrope",
                "short_factor": [1,1,1,1,1,1,1,1], "long_factor": [2,2,2,2,2,2,2,2]}
                """;
        assertThat(original(renamed)).isEqualTo(4096);
    }

    /** Phi3Config has the field itself, so that what rope_scaling says of it is never read. */
    @Test
    void phi3TakesItsClassesOriginalLength() {
        String rope =
                """
                "rope_scaling": {"type": "longrope", "short_factor": [%s], "long_factor": [%s],
                "original_max_position_embeddings": 128}
                """
                        .formatted("1,1,1,1,1,1,1,1", "2,2,2,2,2,2,2,2");
        assertThat(original(rope)).isEqualTo(4096);
        assertThat(original("\"original_max_position_embeddings\": 64, " + rope)).isEqualTo(64);
    }

    private static int original(String extra) {
        RopePlan rope = parse("phi3", extra).plan().ropes().getFirst();
        assertThat(rope.scaling()).isInstanceOf(RopeScaling.LongRope.class);
        return rope.scaling() instanceof RopeScaling.LongRope it ? it.originalMaxPositions() : 0;
    }

    @Test
    void layersHaveTheModulesOfTheirFamily() {
        assertThat(parse("phi3", "\"x\": 1").shape().modules().getFirst())
                .containsExactly(
                        LinearModule.QKV, LinearModule.O, LinearModule.GATE_UP, LinearModule.DOWN);
        DecoderShape moe = parse("qwen3_moe", "\"mlp_only_layers\": [0]").shape();
        assertThat(moe.has(0, LinearModule.DOWN)).isTrue();
        assertThat(moe.has(1, LinearModule.DOWN)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gemma4 | "x": 1 | model_type 'gemma4' is not served
                    llama | "hidden_act": "gelu" | hidden_act 'gelu' is not served
                    llama | "partial_rotary_factor": 0.5 | partial_rotary_factor 0.5 is not served
                    llama | "hidden_size": "big" | hidden_size is "big"
                    llama | "rope_scaling": {"type": "dynamic", "factor": 4} | rope_type 'dynamic' is not served
                    llama | "rope_scaling": {"rope_type": "llama3", "mrope_section": [2, 2]} | mrope_section [2,2] is not served
                    llama | "rope_parameters": {"rope_type": "longrope"} | short_factor
                    llama | "rope_parameters": {"full_attention": {"rope_type": "default"}} | full_attention
                    llama | "rope_parameters": {"rope_type": "yarn"} | factor (missing) is not served
                    llama | "num_key_value_heads": 3 | num_key_value_heads 3 is not served
                    llama | "architectures": ["LlamaForSequenceClassification"] | architectures "LlamaForSequenceClassification" is not served
                    mistral | "layer_types": ["full_attention", "full_attention"] | layer_types
                    qwen2 | "layer_types": ["full_attention", "chunked_attention"] | layer_types "chunked_attention" is not served
                    qwen2 | "layer_types": ["full_attention"] | a type for each of 2 layers
                    gemma2 | "hidden_activation": "relu" | hidden_activation 'relu' is not served
                    gemma3_text | "use_bidirectional_attention": true | use_bidirectional_attention true is not served
                    gemma3_text | "attn_logit_softcapping": 50.0 | attn_logit_softcapping 50.0 is not served; served is null
                    gemma3_text | "rope_scaling": {"rope_type": "linear", "factor": 8}, "rope_parameters": {"full_attention": {"rope_type": "default"}} | rope_scaling beside rope_parameters is not served
                    gemma3_text | "rope_parameters": {"rope_type": "linear", "factor": 8} | rope_parameters for all layers is not served
                    gemma3_text | "original_max_position_embeddings": 64 | original_max_position_embeddings 64 is not served
                    gemma2 | "sliding_window": null | sliding_window null
                    llama | "sliding_window": 128 | sliding_window 128 is not served; served is null in this family, or at least max_position_embeddings 256
                    granite | "sliding_window": 128 | sliding_window 128 is not served
                    olmo2 | "sliding_window": 0 | sliding_window 0 is not served
                    ernie4_5 | "sliding_window": 255 | sliding_window 255 is not served
                    hunyuan_v1_dense | "sliding_window": "all" | sliding_window "all" is not served
                    llama | "attention_chunk_size": 128 | attention_chunk_size 128 is not served
                    mistral | "sliding_window": null, "attention_chunk_size": 128 | attention_chunk_size 128 is not served
                    phi3 | "attention_chunk_size": 128 | attention_chunk_size 128 is not served
                    llama | "layer_types": ["full_attention", "sliding_attention"] | layer_types ["full_attention","sliding_attention"] is not served; served is null, or full_attention
                    granite | "layer_types": ["sliding_attention", "full_attention"] | layer_types
                    olmo2 | "layer_types": "full_attention" | layer_types "full_attention" is not served
                    mixtral | "sliding_window": 64, "layer_types": ["full_attention", "sliding_attention"] | served is null, or sliding_attention
                    qwen3_moe | "sliding_window": 64, "layer_types": ["sliding_attention", "sliding_attention"] | served is null, or full_attention
                    phi3 | "layer_types": ["chunked_attention", "chunked_attention"] | layer_types
                    llama | "per_layer_config": {"0": {"sliding_window": 64}} | per_layer_config {"0":{"sliding_window":64}} is not served
                    gemma3_text | "per_layer_config": [{}] | per_layer_config [{}] is not served
                    gemma3_text | "rope_parameters": {"full_attention": {"rope_type": "yarn", "factor": 4, "truncate": false}} | rope_parameters.full_attention.truncate false is not served
                    gemma3_text | "rope_parameters": {"truncate": false, "full_attention": {"rope_type": "yarn", "factor": 4}} | rope_parameters.truncate false is not served
                    gemma3_text | "rope_scaling": {"rope_type": "yarn", "factor": 4, "truncate": false} | rope_scaling.truncate false is not served
                    gemma3_text | "rope_scaling": {"type": "linear", "factor": 8} | rope_scaling.type 'linear' without rope_type is not served
                    gemma3_text | "rope_scaling": {"rope_type": "default", "type": "linear", "factor": 8} | rope_scaling.type 'linear' beside rope_type 'default' is not served
                    gemma3_text | "rope_parameters": {"full_attention": {"rope_type": "default"}, "sliding_attention": {"rope_type": "default", "type": "linear", "factor": 8}} | rope_parameters.sliding_attention.type 'linear' beside rope_type 'default' is not served
                    llama | "rope_scaling": {"type": "linear", "rope_type": "yarn", "factor": 8} | rope_scaling.type 'linear' beside rope_type 'yarn' is not served; served is one of both
                    llama | "original_max_position_embeddings": 64, "rope_scaling": {"rope_type": "longrope", "factor": 2.0, "short_factor": [1,1,1,1,1,1,1,1], "long_factor": [2,2,2,2,2,2,2,2]} | rope_scaling.factor 2.0 is not served; served is 4.0, or any with attention_factor
                    llama | "sliding_window": 256, "rope_scaling": {"type": "linear", "factor": 4.0} | sliding_window 256 is not served; served is null in this family, or at least the stretched context, 1024
                    phi3 | "rope_scaling": {"type": "yarn", "rope_type": "longrope"} | rope_scaling.type 'yarn' beside rope_type 'longrope' is not served
                    hunyuan_v1_dense | "rope_scaling": {"type": "dynamic", "rope_type": "default", "alpha": 50.0} | rope_scaling.type 'dynamic' beside rope_type 'default' is not served
                    smollm3 | "sliding_window": 8, "layer_types": ["full_attention", "sliding_attention"] | switched off by use_sliding_window
                    qwen3 | "sliding_window": 8, "layer_types": ["full_attention", "sliding_attention"] | switched off by use_sliding_window
                    phi3 | "rope_scaling": {"type": "llama3"} | rope_type 'llama3' is not served
                    phi3 | "rope_scaling": {"type": "longrope", "short_factor": [1], "long_factor": [1]} | short_factor with 1 values is not served
                    llama | "transformers_weights": "other.safetensors" | transformers_weights "other.safetensors" is not served; served are null and model.safetensors
                    gemma3_text | "rope_parameters": {"full_attention": {"rope_type": "longrope", "factor": 4, "original_max_position_embeddings": 20, "short_factor": [1, 1, 1, 1], "long_factor": [2, 2, 2, 2]}, "sliding_attention": {"rope_type": "longrope", "factor": 4, "original_max_position_embeddings": 60, "short_factor": [1, 1, 1, 1], "long_factor": [2, 2, 2, 2]}} | longrope with original_max_position_embeddings 60 and 20 is not served
                    mixtral | "num_experts": 4, "num_local_experts": 8 | num_local_experts 8 is not served; served is num_experts, which is 4
                    llama | "rms_norm_eps": NaN | not valid JSON in line
                    mixtral | "num_experts_per_tok": 9 | num_experts_per_tok 9 is not served
                    mixtral | "hidden_act": "gelu_pytorch_tanh" | hidden_act gelu_pytorch_tanh of experts is not served
                    granite | "attention_multiplier": 0 | attention_multiplier is 0
                    smollm3 | "no_rope_layers": [1] | no_rope_layers is [1]
                    gpt_oss | "x": 1 | rope_parameters (missing) is not served
                    gpt_oss | "quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 128, "zero_point": true, "version": "gemm"} | quantization_config is not served for models whose experts are one tensor
                    llama | "is_causal": false | is_causal false is not served; served is true
                    qwen3 | "is_causal": null | is_causal null is not served
                    gemma3_text | "is_causal": false | is_causal false is not served
                    llama | "quantization_config": {"quant_method": "hqq"} | quantization_config 'hqq'
                    """)
    void refusesByNameWhatItDoesNotServe(String type, String extra, String message) {
        assertThatThrownBy(() -> parse(type, extra))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aDecoderMaySayThatItIsOne() {
        assertThat(parse("qwen3", "\"is_causal\": true").family()).isEqualTo("qwen3");
    }

    /** All positions, however they are written. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    llama | "sliding_window": null, "attention_chunk_size": null, "layer_types": null
                    llama | "sliding_window": 256, "attention_chunk_size": 8192
                    granite | "layer_types": ["full_attention", "full_attention"]
                    qwen3_moe | "sliding_window": 64, "layer_types": ["full_attention", "full_attention"]
                    olmo2 | "per_layer_config": {}
                    ernie4_5 | "per_layer_config": null
                    """)
    void fieldsOfWindowsMaySayThatThereAreNone(String type, String extra) {
        assertThat(windows(type, extra)).containsExactly(0, 0);
    }

    @Test
    void aWindowOfAllLayersMaySayTheirType() {
        String types = "\"layer_types\": [\"sliding_attention\", \"sliding_attention\"]";
        assertThat(windows("mixtral", "\"sliding_window\": 64, " + types)).containsExactly(64, 64);
    }

    @Test
    void yarnOfALayerTypeMayTruncate() {
        DecoderPlan plan =
                parse(
                                "gemma3_text",
                                """
                                "sliding_window_pattern": 2, "rope_parameters": {"full_attention":
                                {"rope_type": "yarn", "factor": 4, "truncate": true}}
                                """)
                        .plan();
        assertThat(plan.ropes().getLast().scaling()).isInstanceOf(RopeScaling.Yarn.class);
    }

    /** As transformers' classes have it. */
    @Test
    void familiesHaveAPaddingOfTheirOwn() {
        Map<String, Integer> own =
                Map.of(
                        "gemma2", 0,
                        "gemma3_text", 0,
                        "ernie4_5", 0,
                        "hunyuan_v1_dense", 0,
                        "phi3", 32000,
                        "olmo2", 1,
                        "smollm3", 128004);
        for (String family : ModelConfig.families()) {
            Integer padding = own.get(family);
            assertThat(ModelConfig.defaultPadding(family))
                    .as(family)
                    .isEqualTo(padding == null ? OptionalInt.empty() : OptionalInt.of(padding));
        }
        assertThat(ModelConfig.defaultPadding("bert")).isEmpty();
    }

    /** As transformers' classes have it. */
    @Test
    void familiesHaveAnEndTokenOfTheirOwn() {
        Map<String, Integer> others =
                Map.of(
                        "gemma2", 1,
                        "gemma3_text", 1,
                        "phi3", 32000,
                        "olmo2", 50279,
                        "smollm3", 128001);
        List<String> none = List.of("qwen2", "qwen3", "qwen3_moe", "gpt_oss");
        for (String family : ModelConfig.families()) {
            OptionalInt own = OptionalInt.of(others.getOrDefault(family, 2));
            assertThat(ModelConfig.defaultEndToken(family))
                    .as(family)
                    .isEqualTo(none.contains(family) ? OptionalInt.empty() : own);
        }
        assertThat(ModelConfig.defaultEndToken("bert")).isEmpty();
    }

    @Test
    void aDecoderMayHaveBeenSavedWithoutItsHead() {
        assertThat(parse("qwen3", "\"architectures\": [\"Qwen3Model\"]").family())
                .isEqualTo("qwen3");
        assertThat(parse("gemma3_text", "\"architectures\": [\"Gemma3TextModel\"]").family())
                .isEqualTo("gemma3_text");
        assertThatThrownBy(() -> parse("llama", "\"architectures\": [\"Qwen3Model\"]"))
                .hasMessageContaining("served is LlamaForCausalLM, LlamaModel");
    }

    @Test
    void reportsAllFaultsTogether() {
        assertThatThrownBy(() -> ModelConfig.parse("{\"model_type\":\"llama\"}"))
                .isInstanceOfSatisfying(
                        CheckpointException.class,
                        e -> assertThat(e.faults()).hasSizeGreaterThan(4));
    }

    private static List<Integer> windows(String type, String extra) {
        return parse(type, extra).plan().blocks().stream()
                .map(block -> block.attention().scores().window())
                .toList();
    }

    private static ModelConfig parse(String type, String extra) {
        return ModelConfig.parse("{\"model_type\":\"" + type + "\"," + SHAPE + "," + extra + "}");
    }
}
