package dev.weft.catalog;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsFile;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes a small base and adapters for it, real ones as PEFT writes them. */
public final class TestAdapter {
    private TestAdapter() {}

    /** The base's config.json. */
    public static Path base(Path folder) throws IOException {
        return base(folder, 12);
    }

    /** The same with another hidden size, which adapters of the base don't fit. */
    public static Path base(Path folder, int hidden) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                """
                {"model_type": "llama", "vocab_size": 64, "hidden_size": %d,
                 "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                 "head_dim": 6, "intermediate_size": 18, "max_position_embeddings": 128,
                 "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": true}
                """
                        .formatted(hidden));
        return folder;
    }

    /** An adapter whose weights depend on {@code seed} alone. */
    public static Path write(Path folder, int rank, long seed) throws IOException {
        return write(folder, rank, seed, base(folder.resolveSibling("base-of-test")), "owner/base");
    }

    /**
     * The same for another base.
     *
     * @param of folder of the base
     * @param named what its configuration names as its base
     */
    public static Path write(Path folder, int rank, long seed, Path of, String named)
            throws IOException {
        Files.createDirectories(folder);
        DecoderShape base = ModelConfig.read(of.resolve("config.json")).shape();
        Files.writeString(
                folder.resolve("adapter_config.json"),
                """
                {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": %d, "lora_alpha": 16,
                 "base_model_name_or_path": "%s", "target_modules": ["q_proj", "v_proj"]}
                """
                        .formatted(rank, named));
        Random random = new Random(seed);
        List<Tensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < base.layers(); layer++) {
            for (LinearModule module : List.of(LinearModule.Q, LinearModule.V)) {
                String name =
                        "base_model.model.model.layers." + layer + "." + module.path() + ".lora_";
                tensors.add(tensor(name + "A.weight", random, rank, base.inputSize(module)));
                tensors.add(tensor(name + "B.weight", random, base.outputSize(module), rank));
            }
        }
        SafetensorsWriter.write(
                folder.resolve("adapter_model.safetensors"), Map.of("format", "pt"), tensors);
        return folder;
    }

    /** Adds a plain copy of an embedding, as PEFT saves one of a base that has got more tokens. */
    public static void addEmbedding(Path adapter, long seed) throws IOException {
        Path file = adapter.resolve("adapter_model.safetensors");
        List<Tensor> tensors = new ArrayList<>();
        for (Tensor each : SafetensorsFile.open(file, Arena.ofAuto()).tensors().values()) {
            byte[] copy = each.data().toArray(ValueLayout.JAVA_BYTE);
            tensors.add(
                    new Tensor(
                            each.name(), each.dtype(), each.shape(), MemorySegment.ofArray(copy)));
        }
        String name = "base_model.model.model.embed_tokens.weight";
        tensors.add(tensor(name, new Random(seed), 64, 12));
        SafetensorsWriter.write(file, Map.of("format", "pt"), tensors);
    }

    private static Tensor tensor(String name, Random random, int rows, int columns) {
        ByteBuffer bytes =
                ByteBuffer.allocate(rows * columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(0.1f + random.nextFloat());
        }
        return new Tensor(
                name,
                DType.F32,
                List.of((long) rows, (long) columns),
                MemorySegment.ofArray(bytes.array()));
    }
}
