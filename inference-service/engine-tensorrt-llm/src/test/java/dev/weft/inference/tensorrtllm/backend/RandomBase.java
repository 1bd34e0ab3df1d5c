package dev.weft.inference.tensorrtllm.backend;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** A base of random weights, with adapters that show an effect. */
public final class RandomBase {
    private static final String JSON =
            """
            {"model_type": "qwen2", "hidden_size": 48, "num_hidden_layers": 2,
             "num_attention_heads": 6, "num_key_value_heads": 2, "intermediate_size": 80,
             "vocab_size": VOCABULARY, "max_position_embeddings": 512, "rms_norm_eps": 1e-6,
             "rope_theta": 10000.0, "tie_word_embeddings": true, "use_sliding_window": false,
             "eos_token_id": 0}
            """;

    public static final ModelConfig CONFIG = ModelConfig.parse(json(70));

    private static final long SEED = 3;

    private RandomBase() {}

    /** Writes a checkpoint. */
    public static Path write(Path folder) throws IOException {
        return write(folder, CONFIG.vocabulary().size());
    }

    public static Path write(Path folder, int vocabulary) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Tensor> tensors = new ArrayList<>();
        int hidden = CONFIG.shape().hiddenSize();
        tensors.add(tensor("model.embed_tokens.weight", random, 0.3, vocabulary, hidden));
        for (int layer = 0; layer < CONFIG.shape().layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            tensors.add(tensor(prefix + "input_layernorm.weight", random, 0.2, hidden));
            tensors.add(tensor(prefix + "post_attention_layernorm.weight", random, 0.2, hidden));
            for (LinearModule module : LinearModule.SEPARATE) {
                int in = CONFIG.shape().inputSize(module);
                int out = CONFIG.shape().outputSize(module);
                String name = prefix + module.path();
                tensors.add(tensor(name + ".weight", random, 1 / Math.sqrt(in), out, in));
                if (module.compareTo(LinearModule.V) <= 0) {
                    tensors.add(tensor(name + ".bias", random, 0.5, out));
                }
            }
        }
        tensors.add(tensor("model.norm.weight", random, 0.2, hidden));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), json(vocabulary));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), tensors);
        return folder;
    }

    /** An adapter at all modules of every layer. */
    public static LoraAdapter adapter(int number, int rank) {
        return adapter(number, rank, Set.copyOf(LinearModule.SEPARATE));
    }

    public static LoraAdapter adapter(int number, int rank, Set<LinearModule> modules) {
        SplittableRandom random = new SplittableRandom(1_000 + number);
        List<LoraPair> pairs = new ArrayList<>();
        for (int layer = 0; layer < CONFIG.shape().layers(); layer++) {
            for (LinearModule module : new TreeSet<>(modules)) {
                int in = CONFIG.shape().inputSize(module);
                int out = CONFIG.shape().outputSize(module);
                pairs.add(
                        new LoraPair(
                                layer,
                                module,
                                0.5f,
                                tensor("a", random, 1 / Math.sqrt(in), rank, in),
                                tensor("b", random, 0.3, out, rank)));
            }
        }
        return new LoraAdapter(
                digest(number),
                new LoraFacts(rank, 0.5 * rank, false, new TreeSet<>(modules), "F32", pairs.size()),
                pairs,
                Arena.ofAuto());
    }

    public static AdapterDigest digest(int number) {
        return new AdapterDigest("%064x".formatted(number));
    }

    private static String json(int vocabulary) {
        return JSON.replace("VOCABULARY", String.valueOf(vocabulary));
    }

    private static Tensor tensor(
            String name, SplittableRandom random, double deviation, long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double mean = name.contains("norm") ? 1 : 0;
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (mean + random.nextGaussian() * deviation);
        }
        return new Tensor(
                name,
                DType.F32,
                Arrays.stream(shape).boxed().toList(),
                MemorySegment.ofArray(values));
    }
}
