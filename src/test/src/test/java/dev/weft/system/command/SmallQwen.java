package dev.weft.system.command;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.system.fleet.Sample;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A checkpoint in the shape of Qwen2 with random weights, the sample's tokenizer, and an adapter
 * for it in the layout of the seed's page, with TensorRT-LLM's names of modules.
 */
final class SmallQwen {
    private static final int HIDDEN = 64;
    private static final int INTERMEDIATE = 128;
    private static final int LAYERS = 2;
    private static final int KEYS = 32; // 2 of 4 heads of 16
    private static final int VOCABULARY = 1280;
    private static final int RANK = 16;

    private static final Random RANDOM = new Random(11);

    private SmallQwen() {}

    static void writeBase(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Sample.base().resolve(file), folder.resolve(file));
        }
        Files.copy(
                Sample.base().resolve("generation_config.json"),
                folder.resolve("generation_config.json"));
        Files.writeString(
                folder.resolve("config.json"),
                """
                {"architectures":["Qwen2ForCausalLM"],"model_type":"qwen2","vocab_size":%d,
                "hidden_size":%d,"intermediate_size":%d,"num_hidden_layers":%d,
                "num_attention_heads":4,"num_key_value_heads":2,"hidden_act":"silu",
                "max_position_embeddings":256,"rms_norm_eps":1e-06,"rope_theta":1000000.0,
                "tie_word_embeddings":true,"bos_token_id":1270,"eos_token_id":1272,
                "torch_dtype":"bfloat16"}\
                """
                        .formatted(VOCABULARY, HIDDEN, INTERMEDIATE, LAYERS));
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(random("model.embed_tokens.weight", 0.05f, VOCABULARY, HIDDEN));
        for (int layer = 0; layer < LAYERS; layer++) {
            String at = "model.layers." + layer + ".";
            tensors.add(ones(at + "input_layernorm.weight", HIDDEN));
            tensors.add(ones(at + "post_attention_layernorm.weight", HIDDEN));
            linear(tensors, at + "self_attn.q_proj", HIDDEN, HIDDEN);
            linear(tensors, at + "self_attn.k_proj", KEYS, HIDDEN);
            linear(tensors, at + "self_attn.v_proj", KEYS, HIDDEN);
            for (String biased : List.of("q", "k", "v")) {
                int size = biased.equals("q") ? HIDDEN : KEYS;
                tensors.add(random(at + "self_attn." + biased + "_proj.bias", 0.3f, size));
            }
            linear(tensors, at + "self_attn.o_proj", HIDDEN, HIDDEN);
            linear(tensors, at + "mlp.gate_proj", INTERMEDIATE, HIDDEN);
            linear(tensors, at + "mlp.up_proj", INTERMEDIATE, HIDDEN);
            linear(tensors, at + "mlp.down_proj", HIDDEN, INTERMEDIATE);
        }
        tensors.add(ones("model.norm.weight", HIDDEN));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), tensors);
    }

    static void writeAdapter(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("README.md"), "An adapter of a test.\n");
        Files.writeString(
                folder.resolve("adapter_config.json"),
                """
                {"base_model_name_or_path":"Qwen/Qwen2.5-Coder-1.5B-Instruct",
                "target_modules":["attn_q","attn_k","attn_v","attn_dense",
                "mlp_h_to_4h","mlp_4h_to_h","mlp_gate"],"r":%d}\
                """
                        .formatted(RANK));
        List<Tensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            String at = "base_model.model.model.layers." + layer + ".";
            pair(tensors, at + "self_attn.q_proj", HIDDEN, HIDDEN);
            pair(tensors, at + "self_attn.k_proj", KEYS, HIDDEN);
            pair(tensors, at + "self_attn.v_proj", KEYS, HIDDEN);
            pair(tensors, at + "self_attn.o_proj", HIDDEN, HIDDEN);
            pair(tensors, at + "mlp.gate_proj", INTERMEDIATE, HIDDEN);
            pair(tensors, at + "mlp.up_proj", INTERMEDIATE, HIDDEN);
            pair(tensors, at + "mlp.down_proj", HIDDEN, INTERMEDIATE);
        }
        SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), Map.of(), tensors);
    }

    private static void linear(List<Tensor> tensors, String name, long out, long in) {
        tensors.add(random(name + ".weight", 0.1f, out, in));
    }

    private static void pair(List<Tensor> tensors, String name, long out, long in) {
        tensors.add(random(name + ".lora_A.weight", 0.2f, RANK, in));
        tensors.add(random(name + ".lora_B.weight", 0.2f, out, RANK));
    }

    private static Tensor ones(String name, long size) {
        return tensor(name, 0, 1, size);
    }

    private static Tensor random(String name, float deviation, long... shape) {
        return tensor(name, deviation, 0, shape);
    }

    private static Tensor tensor(String name, float deviation, float mean, long... shape) {
        int elements = 1;
        List<Long> sizes = new ArrayList<>();
        for (long size : shape) {
            elements *= Math.toIntExact(size);
            sizes.add(size);
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(elements * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            bytes.putFloat(mean + deviation * (float) RANDOM.nextGaussian());
        }
        return new Tensor(name, DType.F32, sizes, MemorySegment.ofBuffer(bytes.flip()));
    }
}
