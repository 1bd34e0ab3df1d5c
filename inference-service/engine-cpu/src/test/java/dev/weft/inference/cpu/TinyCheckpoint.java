package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Checkpoints of a few thousand random weights. They mean nothing, but every part of the decoder
 * shows in their logits: biases and norms are as large as the rest, and no two sizes are equal.
 */
public record TinyCheckpoint(Path folder, ModelConfig config) {
    static final String LLAMA =
            """
            {"model_type": "llama", "hidden_size": 40, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": true}
            """;

    static final String LLAMA3_UNTIED =
            """
            {"model_type": "llama", "hidden_size": 40, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 4, "intermediate_size": 56,
             "vocab_size": 70, "max_position_embeddings": 96, "rms_norm_eps": 1e-5,
             "tie_word_embeddings": false, "rope_parameters": {"rope_type": "llama3",
             "rope_theta": 500.0, "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
             "original_max_position_embeddings": 32}}
            """;

    public static final String QWEN2 =
            """
            {"model_type": "qwen2", "hidden_size": 48, "num_hidden_layers": 2,
             "num_attention_heads": 6, "num_key_value_heads": 2, "intermediate_size": 80,
             "vocab_size": 70, "max_position_embeddings": 96, "rms_norm_eps": 1e-6,
             "rope_theta": 1000000.0, "tie_word_embeddings": true, "use_sliding_window": false}
            """;

    static final String QWEN3 =
            """
            {"model_type": "qwen3", "hidden_size": 40, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 16,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "rms_norm_eps": 1e-6, "rope_theta": 1000000.0, "tie_word_embeddings": true,
             "attention_bias": false}
            """;

    static final String MISTRAL =
            """
            {"model_type": "mistral", "hidden_size": 32, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 56,
             "vocab_size": 70, "max_position_embeddings": 96, "sliding_window": null,
             "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": false}
            """;

    /** Writes a checkpoint, in one file or in shards of one layer each. */
    public static TinyCheckpoint write(Path folder, String config, DType dtype, boolean sharded)
            throws IOException {
        ModelConfig parsed = ModelConfig.parse(config);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config);
        List<Tensor> tensors = new Weights(parsed, dtype).all();
        if (!sharded) {
            SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), tensors);
            return new TinyCheckpoint(folder, parsed);
        }
        StringBuilder map = new StringBuilder();
        for (int shard = 0; shard * 5 < tensors.size(); shard++) {
            String file = "model-" + shard + ".safetensors";
            List<Tensor> part = tensors.subList(shard * 5, Math.min(tensors.size(), shard * 5 + 5));
            SafetensorsWriter.write(folder.resolve(file), Map.of(), part);
            part.forEach(t -> map.append(",\"" + t.name() + "\":\"" + file + "\""));
        }
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{" + map.substring(1) + "}}");
        return new TinyCheckpoint(folder, parsed);
    }

    /** An adapter with random matrices at these modules of every layer. */
    LoraAdapter adapter(int number, int rank, float scale, Set<LinearModule> modules) {
        SplittableRandom random = new SplittableRandom(1_000 + number);
        List<LoraPair> pairs = new ArrayList<>();
        for (int layer = 0; layer < config.shape().layers(); layer++) {
            for (LinearModule module : modules) {
                int in = config.shape().inputSize(module);
                int out = config.shape().outputSize(module);
                pairs.add(
                        new LoraPair(
                                layer,
                                module,
                                scale,
                                tensor("a", DType.F32, random, 1 / Math.sqrt(in), rank, in),
                                tensor("b", DType.F32, random, 0.3, out, rank)));
            }
        }
        String digest = "%064x".formatted(number);
        LoraFacts facts =
                new LoraFacts(
                        rank, scale * rank, false, new TreeSet<>(modules), "F32", pairs.size());
        return new LoraAdapter(new AdapterDigest(digest), facts, pairs, Arena.ofAuto());
    }

    static Tensor tensor(
            String name, DType dtype, SplittableRandom random, double deviation, long... shape) {
        int count = 1;
        List<Long> sizes = new ArrayList<>();
        for (long size : shape) {
            count *= (int) size;
            sizes.add(size);
        }
        double mean = name.contains("norm") ? 1 : 0;
        short[] shorts = new short[count];
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) (mean + random.nextGaussian() * deviation);
            shorts[i] = dtype == DType.F16 ? Float.floatToFloat16(floats[i]) : Bf16.of(floats[i]);
        }
        MemorySegment data =
                dtype == DType.F32 ? MemorySegment.ofArray(floats) : MemorySegment.ofArray(shorts);
        return new Tensor(name, dtype, sizes, data);
    }

    /** Makes the tensors that a family has. */
    private static final class Weights {
        private final ModelConfig config;
        private final DType dtype;
        private final SplittableRandom random = new SplittableRandom(3);
        private final List<Tensor> tensors = new ArrayList<>();

        private Weights(ModelConfig config, DType dtype) {
            this.config = config;
            this.dtype = dtype;
        }

        List<Tensor> all() {
            add(
                    "model.embed_tokens.weight",
                    0.3,
                    config.vocabulary().size(),
                    config.shape().hiddenSize());
            for (int layer = 0; layer < config.shape().layers(); layer++) {
                layer("model.layers." + layer + ".");
            }
            add("model.norm.weight", 0.2, config.shape().hiddenSize());
            if (!config.vocabulary().tied()) {
                add("lm_head.weight", 0.3, config.vocabulary().size(), config.shape().hiddenSize());
            }
            return tensors;
        }

        private void layer(String prefix) {
            add(prefix + "input_layernorm.weight", 0.2, config.shape().hiddenSize());
            add(prefix + "post_attention_layernorm.weight", 0.2, config.shape().hiddenSize());
            for (LinearModule module : LinearModule.values()) {
                int in = config.shape().inputSize(module);
                int out = config.shape().outputSize(module);
                add(prefix + module.path() + ".weight", 1 / Math.sqrt(in), out, in);
                boolean qkv =
                        module == LinearModule.Q
                                || module == LinearModule.K
                                || module == LinearModule.V;
                if (qkv && config.family().qkvBias()) {
                    add(prefix + module.path() + ".bias", 0.5, out);
                }
            }
            if (config.family().qkNorm()) {
                add(prefix + "self_attn.q_norm.weight", 0.3, config.shape().attention().headDim());
                add(prefix + "self_attn.k_norm.weight", 0.3, config.shape().attention().headDim());
            }
        }

        private void add(String name, double deviation, long... shape) {
            tensors.add(tensor(name, dtype, random, deviation, shape));
        }
    }
}
