package dev.weft.inference.tensorrtllm.backend;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model repository with an engine folder for the test backend: config.json as {@code
 * trtllm-build} writes it, and the base's weights as float32.
 */
public final class TestEngine {
    private final Path checkpoint;
    private final Map<String, String> build = new HashMap<>();
    private final Map<String, String> model = new HashMap<>();
    private final Set<String> without = new HashSet<>();

    private boolean text;
    private boolean lora;

    private TestEngine(Path checkpoint) {
        this.checkpoint = checkpoint;
        build.put("max_lora_rank", "16");
        build.put("lora_plugin", "float16");
        build.put("gather_generation_logits", "true");
        build.put("max_batch_size", "8");
        build.put("max_num_tokens", "512");
        build.put(
                "modules",
                LinearModule.SEPARATE.stream()
                        .map(module -> '"' + module.tensorRtName() + '"')
                        .collect(Collectors.joining(", ")));
        model.put("decoupled", "true");
        model.put("lora_type", "TYPE_FP16");
        model.put("batch", "8");
        model.put("text_batch", "0");
        model.put("enable_chunked_context", "true");
        model.put("normalize_log_probs", "false");
        model.put("lora_cache_host_memory_bytes", String.valueOf(1 << 26));
        model.put("cancellation_check_period_ms", "1");
        model.put("guided_decoding_backend", "");
        model.put("xgrammar_tokenizer_info_path", "");
        model.put("batch_scheduler_policy", "guaranteed_no_evict");
        model.put("test_instant", "false");
        model.put("test_fail_every", "0");
        model.put("test_hold_after", "0");
        model.put("test_stop_hangs", "false");
    }

    /** An engine of a checkpoint: 8 rows, rank 16, all modules in float16, 64 MiB of LoRA cache. */
    public static TestEngine of(Path checkpoint) {
        return new TestEngine(checkpoint);
    }

    /**
     * The llmapi model instead, which takes text.
     *
     * @param adapters whether it takes adapters, as it does from TensorRT-LLM 1.3 on
     */
    public TestEngine llmapi(boolean adapters) {
        text = true;
        lora = adapters;
        return this;
    }

    /** Changes what the engine was built with. */
    public TestEngine built(String key, Object value) {
        build.put(key, value.toString());
        return this;
    }

    /** Changes the configuration of the model. */
    public TestEngine model(String key, Object value) {
        model.put(key, value.toString());
        return this;
    }

    /** Leaves a parameter out of config.pbtxt. */
    public TestEngine without(String parameter) {
        without.add(parameter);
        return this;
    }

    /**
     * Writes the folder {@code models} of a repository and {@code engine} beside it.
     *
     * @return the repository
     */
    public Path write(Path folder) throws IOException {
        Path engine = Files.createDirectories(folder.resolve("engine"));
        Path repository = folder.resolve("models");
        Path place = repository.resolve("tensorrt_llm");
        Files.createDirectories(place.resolve("1"));
        try (CheckpointFolder base = CheckpointFolder.open(checkpoint)) {
            Files.writeString(engine.resolve("config.json"), config(base.config()));
            writeWeights(base, engine.resolve("rank0.engine"));
        }
        Map<String, String> values = new HashMap<>(model);
        values.put("engine", engine.toString());
        values.put("lora", lora ? resource("llmapi-lora-inputs.pbtxt").stripTrailing() : "");
        String template = resource(text ? "llmapi-config.pbtxt" : "config.pbtxt");
        if (text) {
            Files.writeString(
                    place.resolve("1/model.yaml"), fill(resource("llmapi-model.yaml"), values));
        }
        String config = fill(template, values);
        for (String parameter : without) {
            String rest =
                    config.replaceFirst(
                            "parameters: \\{\\s+key: \"" + parameter + "\"[^}]*\\}\\s*\\}\n", "");
            if (rest.equals(config)) {
                throw new IllegalStateException("config.pbtxt has no parameter " + parameter);
            }
            config = rest;
        }
        Files.writeString(place.resolve("config.pbtxt"), config);
        return repository;
    }

    private String config(ModelConfig base) {
        Map<String, String> values = new HashMap<>();
        values.put("vocab_size", String.valueOf(base.vocabulary().size()));
        DecoderShape shape = base.shape();
        values.put("hidden_size", String.valueOf(shape.hiddenSize()));
        values.put("layers", String.valueOf(shape.layers()));
        values.put("heads", String.valueOf(shape.attention().heads()));
        values.put("kv_heads", String.valueOf(shape.attention().kvHeads()));
        values.put("head_size", String.valueOf(shape.attention().headDim()));
        values.put("ffn", String.valueOf(shape.intermediateSize()));
        values.put("eps", String.valueOf(base.plan().norm().epsilon()));
        values.put("theta", String.valueOf(base.plan().ropes().getFirst().theta()));
        values.put("context", String.valueOf(base.contextLength()));
        values.putAll(build);
        return fill(resource("engine-config.json"), values);
    }

    private static String fill(String template, Map<String, String> values) {
        String text = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        if (text.contains("${")) {
            throw new IllegalStateException("not filled: " + text.substring(text.indexOf("${")));
        }
        return text;
    }

    private static String resource(String name) {
        try (InputStream in = TestEngine.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("backend/" + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the weights in the order of the test backend's decoder.c. */
    private static void writeWeights(CheckpointFolder base, Path file) throws IOException {
        ModelConfig config = base.config();
        long hidden = config.shape().hiddenSize();
        long vocabulary = config.vocabulary().size();
        try (FileChannel to =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            Tensor embedding = base.tensor("model.embed_tokens.weight", vocabulary, hidden);
            write(embedding, to);
            for (int layer = 0; layer < config.shape().layers(); layer++) {
                writeLayer(base, "model.layers." + layer + ".", to);
            }
            write(base.tensor("model.norm.weight", hidden), to);
            write(
                    config.vocabulary().tied()
                            ? embedding
                            : base.tensor("lm_head.weight", vocabulary, hidden),
                    to);
        }
    }

    private static void writeLayer(CheckpointFolder base, String prefix, FileChannel to)
            throws IOException {
        long hidden = base.config().shape().hiddenSize();
        write(base.tensor(prefix + "input_layernorm.weight", hidden), to);
        for (LinearModule module :
                new LinearModule[] {LinearModule.Q, LinearModule.K, LinearModule.V}) {
            writeWeight(base, prefix, module, to);
            String bias = prefix + module.path() + ".bias";
            int out = base.config().shape().outputSize(module);
            if (base.has(bias)) {
                write(base.tensor(bias, out), to);
            } else {
                to.write(ByteBuffer.allocate(4 * out));
            }
        }
        writeWeight(base, prefix, LinearModule.O, to);
        write(base.tensor(prefix + "post_attention_layernorm.weight", hidden), to);
        writeWeight(base, prefix, LinearModule.GATE, to);
        writeWeight(base, prefix, LinearModule.UP, to);
        writeWeight(base, prefix, LinearModule.DOWN, to);
    }

    private static void writeWeight(
            CheckpointFolder base, String prefix, LinearModule module, FileChannel to)
            throws IOException {
        write(
                base.tensor(
                        prefix + module.path() + ".weight",
                        base.config().shape().outputSize(module),
                        base.config().shape().inputSize(module)),
                to);
    }

    private static void write(Tensor tensor, FileChannel to) throws IOException {
        int count = Math.toIntExact(tensor.elements());
        ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(tensor.get(i));
        }
        bytes.flip();
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
