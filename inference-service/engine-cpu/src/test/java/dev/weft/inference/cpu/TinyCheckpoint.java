package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.Dense;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.decoder.Experts;
import dev.weft.format.decoder.NormPlan;
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
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints of a few thousand random weights. They mean nothing, but every part of the decoder
 * shows in their logits: biases and norms are as large as the rest, and no two sizes are equal.
 */
public record TinyCheckpoint(Path folder, ModelConfig config) {
    public static final String LLAMA =
            """
            {"model_type": "llama", "hidden_size": 40, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": true}
            """;

    public static final String LLAMA3_UNTIED =
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

    public static final String QWEN3 =
            """
            {"model_type": "qwen3", "hidden_size": 40, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 16,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "rms_norm_eps": 1e-6, "rope_theta": 1000000.0, "tie_word_embeddings": true,
             "attention_bias": false}
            """;

    public static final String MISTRAL =
            """
            {"model_type": "mistral", "hidden_size": 32, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 56,
             "vocab_size": 70, "max_position_embeddings": 96, "sliding_window": null,
             "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": false}
            """;

    public static final String BIASES =
            """
            {"model_type": "llama", "hidden_size": 32, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 56,
             "vocab_size": 70, "max_position_embeddings": 96, "attention_bias": true,
             "mlp_bias": true, "hidden_act": "gelu_pytorch_tanh", "rope_scaling":
             {"type": "yarn", "factor": 3.0, "original_max_position_embeddings": 20}}
            """;

    public static final String GEMMA2 =
            """
            {"model_type": "gemma2", "hidden_size": 40, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "sliding_window": 5, "query_pre_attn_scalar": 7, "attn_logit_softcapping": 2.0,
             "final_logit_softcapping": 3.0}
            """;

    public static final String GEMMA3 =
            """
            {"model_type": "gemma3_text", "hidden_size": 40, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 16,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "sliding_window": 19, "sliding_window_pattern": 2, "query_pre_attn_scalar": 20,
             "rope_scaling": {"rope_type": "linear", "factor": 2.0}}
            """;

    public static final String PHI3 =
            """
            {"model_type": "phi3", "hidden_size": 48, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 56,
             "vocab_size": 70, "max_position_embeddings": 96, "partial_rotary_factor": 0.5,
             "original_max_position_embeddings": 25, "rope_scaling": {"type": "longrope",
             "short_factor": [1.0, 1.1, 1.3], "long_factor": [1.5, 2.0, 4.0]}}
            """;

    public static final String OLMO2 =
            """
            {"model_type": "olmo2", "hidden_size": 40, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96}
            """;

    public static final String GRANITE =
            """
            {"model_type": "granite", "hidden_size": 32, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 56,
             "vocab_size": 70, "max_position_embeddings": 96, "attention_multiplier": 0.2,
             "embedding_multiplier": 3.0, "residual_multiplier": 0.5, "logits_scaling": 4.0}
            """;

    public static final String MIXTRAL =
            """
            {"model_type": "mixtral", "hidden_size": 40, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 24,
             "vocab_size": 70, "max_position_embeddings": 96, "num_local_experts": 5,
             "num_experts_per_tok": 3, "sliding_window": 9}
            """;

    public static final String QWEN3_MOE =
            """
            {"model_type": "qwen3_moe", "hidden_size": 40, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "num_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 20,
             "decoder_sparse_step": 2, "norm_topk_prob": false}
            """;

    public static final String GPT_OSS =
            """
            {"model_type": "gpt_oss", "hidden_size": 40, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
             "intermediate_size": 24, "vocab_size": 70, "max_position_embeddings": 96,
             "num_local_experts": 4, "num_experts_per_tok": 2, "sliding_window": 7,
             "swiglu_limit": 1.0, "rope_parameters": {"rope_type": "yarn", "factor": 4.0,
             "rope_theta": 5000.0, "truncate": false, "original_max_position_embeddings": 24}}
            """;

    public static final String SMOLLM3 =
            """
            {"model_type": "smollm3", "hidden_size": 32, "num_hidden_layers": 3,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 56,
             "vocab_size": 70, "max_position_embeddings": 96, "no_rope_layers": [1, 0, 1]}
            """;

    public static final String ERNIE =
            """
            {"model_type": "ernie4_5", "hidden_size": 40, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "use_bias": true}
            """;

    public static final String HUNYUAN =
            """
            {"model_type": "hunyuan_v1_dense", "hidden_size": 40, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
             "intermediate_size": 56, "vocab_size": 70, "max_position_embeddings": 96,
             "rope_scaling": {"type": "dynamic", "alpha": 50.0, "factor": 1.0}}
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
    public LoraAdapter adapter(int number, int rank, float scale, Set<LinearModule> modules) {
        SplittableRandom random = new SplittableRandom(1_000 + number);
        List<LoraPair> pairs = new ArrayList<>();
        for (int layer = 0; layer < config.shape().layers(); layer++) {
            for (LinearModule module : modules) {
                if (!config.shape().has(layer, module)) {
                    continue;
                }
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

    public static Tensor tensor(
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
                layer(layer);
            }
            add("model.norm.weight", 0.2, config.shape().hiddenSize());
            if (!config.vocabulary().tied()) {
                add("lm_head.weight", 0.3, config.vocabulary().size(), config.shape().hiddenSize());
            }
            return tensors;
        }

        private void layer(int number) {
            String prefix = "model.layers." + number + ".";
            BlockPlan block = config.plan().blocks().get(number);
            int hidden = config.shape().hiddenSize();
            norm(prefix, block.norms().beforeAttention(), 0.2, hidden);
            norm(prefix, block.norms().afterAttention(), 0.2, hidden);
            norm(prefix, block.norms().beforeFeedForward(), 0.2, hidden);
            norm(prefix, block.norms().afterFeedForward(), 0.2, hidden);
            for (LinearModule module : block.modules()) {
                int in = config.shape().inputSize(module);
                int out = config.shape().outputSize(module);
                add(prefix + module.path() + ".weight", 1 / Math.sqrt(in), out, in);
                if (hasBias(block, module)) {
                    add(prefix + module.path() + ".bias", 0.5, out);
                }
            }
            AttentionPlan attention = block.attention();
            if (attention.norms() != null) {
                boolean all = attention.norms().extent() == AttentionPlan.Extent.PROJECTION;
                int size = attention.heads().size();
                norm(
                        prefix,
                        attention.norms().query(),
                        0.3,
                        all ? size * attention.heads().queries() : size);
                norm(
                        prefix,
                        attention.norms().key(),
                        0.3,
                        all ? size * attention.heads().keys() : size);
            }
            if (attention.scores().sinks()) {
                add(prefix + "self_attn.sinks", 1, attention.heads().queries());
            }
            if (block.feedForward() instanceof Experts experts) {
                experts(prefix, experts);
            }
        }

        private static boolean hasBias(BlockPlan block, LinearModule module) {
            return switch (module) {
                case Q, K, V, QKV -> block.attention().biases().input();
                case O -> block.attention().biases().output();
                case GATE, UP, DOWN, GATE_UP ->
                        block.feedForward() instanceof Dense dense && dense.biases();
            };
        }

        private void experts(String prefix, Experts experts) {
            int hidden = config.shape().hiddenSize();
            int width = experts.width();
            int count = experts.count();
            double narrow = 1 / Math.sqrt(hidden);
            double wide = 1 / Math.sqrt(width);
            add(prefix + experts.router() + ".weight", 1, count, hidden);
            if (experts.routing().bias()) {
                add(prefix + experts.router() + ".bias", 0.5, count);
            }
            switch (experts.tensors()) {
                case ExpertTensors.Single names -> {
                    for (int expert = 0; expert < count; expert++) {
                        String one = prefix + names.prefix() + expert + ".";
                        add(one + names.gate() + ".weight", narrow, width, hidden);
                        add(one + names.up() + ".weight", narrow, width, hidden);
                        add(one + names.down() + ".weight", wide, hidden, width);
                    }
                }
                case ExpertTensors.Interleaved names -> {
                    String all = prefix + names.prefix();
                    add(all + names.gateUp(), narrow, count, hidden, 2L * width);
                    add(all + names.gateUp() + "_bias", 0.5, count, 2L * width);
                    add(all + names.down(), wide, count, width, hidden);
                    add(all + names.down() + "_bias", 0.5, count, hidden);
                }
            }
        }

        private void norm(String prefix, @Nullable NormPlan norm, double deviation, long size) {
            if (norm != null) {
                add(prefix + norm.name() + ".weight", deviation, size);
            }
        }

        private void add(String name, double deviation, long... shape) {
            tensors.add(tensor(name, dtype, random, deviation, shape));
        }
    }
}
