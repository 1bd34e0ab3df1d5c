package dev.weft.format.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads config.json as transformers 4 writes it ({@code rope_theta}, {@code rope_scaling}) and as 5
 * does ({@code rope_parameters}). An unserved setting that would change the answer is a fault that
 * names the key, the value and the allowed ones.
 */
final class ConfigReader {
    /** transformers' default if config.json leaves it out. */
    private static final double DEFAULT_ROPE_THETA = 10_000;

    private static final int MAX_SIZE = 1 << 24;

    private final JsonNode root;
    private final List<String> faults = new ArrayList<>();

    ConfigReader(JsonNode root) {
        this.root = root;
    }

    ModelConfig read() {
        Optional<ModelFamily> family = family();
        checkActivation();
        checkBiases(family.orElse(ModelFamily.LLAMA));
        checkQuantization();
        RopeReader rope = new RopeReader(root, faults);
        int hidden = size("hidden_size", 0);
        int heads = size("num_attention_heads", 0);
        int kvHeads = size("num_key_value_heads", heads);
        int headDim = size("head_dim", heads == 0 ? 0 : hidden / heads);
        checkHeads(heads, kvHeads, headDim);
        ModelConfig config =
                new ModelConfig(
                        family.orElse(ModelFamily.LLAMA),
                        new ModelConfig.Vocabulary(size("vocab_size", 0), tied()),
                        new DecoderShape(
                                size("num_hidden_layers", 0),
                                hidden,
                                new DecoderShape.Attention(heads, kvHeads, headDim),
                                size("intermediate_size", 0)),
                        contextLength(),
                        (float) number("rms_norm_eps", 1e-6),
                        new ModelConfig.Rope(rope.theta(DEFAULT_ROPE_THETA), rope.scaling()));
        if (!faults.isEmpty()) {
            throw new CheckpointException(faults);
        }
        return config;
    }

    private Optional<ModelFamily> family() {
        String type = root.path("model_type").asString("");
        Optional<ModelFamily> family = ModelFamily.of(type);
        if (family.isEmpty()) {
            faults.add(
                    "config.json: model_type '"
                            + type
                            + "' is not served; served are llama, mistral, qwen2, qwen3");
        }
        return family;
    }

    private void checkActivation() {
        String activation = root.path("hidden_act").asString("silu");
        if (!activation.equals("silu") && !activation.equals("swish")) {
            faults.add(
                    "config.json: hidden_act '" + activation + "' is not served; served is silu");
        }
    }

    private void checkBiases(ModelFamily family) {
        // Qwen2 has its q, k, v biases whatever the file says; the keys mean further biases.
        if (root.path("attention_bias").asBoolean(false) && family != ModelFamily.QWEN2) {
            faults.add(
                    "config.json: attention_bias true is not served for model_type "
                            + family.modelType()
                            + "; served is false");
        }
        if (root.path("mlp_bias").asBoolean(false)) {
            faults.add("config.json: mlp_bias true is not served; served is false");
        }
    }

    private void checkQuantization() {
        JsonNode quantization = root.path("quantization_config");
        if (quantization.isObject() && !quantization.isEmpty()) {
            faults.add(
                    "config.json: quantization_config '"
                            + quantization.path("quant_method").asString("unnamed")
                            + "' is not served; served are checkpoints in float32, float16 and"
                            + " bfloat16");
        }
    }

    private void checkHeads(int heads, int kvHeads, int headDim) {
        if (heads > 0 && kvHeads > 0 && heads % kvHeads != 0) {
            faults.add(
                    "config.json: num_key_value_heads "
                            + kvHeads
                            + " does not divide num_attention_heads "
                            + heads);
        }
        if (headDim % 2 != 0) {
            faults.add("config.json: head_dim " + headDim + " is odd; RoPE takes pairs");
        }
    }

    private int contextLength() {
        int positions = size("max_position_embeddings", 2048);
        JsonNode window = root.path("sliding_window");
        boolean used = root.path("use_sliding_window").asBoolean(!isQwen());
        return window.isIntegralNumber() && used && window.asInt() > 0
                ? Math.min(positions, window.asInt())
                : positions;
    }

    private boolean isQwen() {
        return root.path("model_type").asString("").startsWith("qwen");
    }

    /** transformers' default is false for the Llama family and for Qwen alike. */
    private boolean tied() {
        return root.path("tie_word_embeddings").asBoolean(false);
    }

    private int size(String key, int fallback) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            if (fallback <= 0) {
                faults.add("config.json: " + key + " is missing");
            }
            return fallback;
        }
        if (!node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.asInt() <= 0
                || node.asInt() > MAX_SIZE) {
            faults.add(
                    "config.json: "
                            + key
                            + " is "
                            + node
                            + "; allowed are integers from 1 to 2^24");
            return 1;
        }
        return node.asInt();
    }

    private double number(String key, double fallback) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return fallback;
        }
        if (!node.isNumber() || !(node.asDouble() > 0)) {
            faults.add("config.json: " + key + " is " + node + "; allowed are numbers above 0");
            return fallback;
        }
        return node.asDouble();
    }
}
