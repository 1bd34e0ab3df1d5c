package dev.weft.inference.tensorrtllm;

import dev.weft.inference.tensorrtllm.tokens.TokenModel;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.npy.NpyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder that {@code trtllm-build} wrote: its config.json says what the engine was built for.
 */
final class EngineFolder {
    private static final int DEFAULT_BLOCK = 32;
    private static final int COLUMNS = 3;
    private static final Map<String, NpyType> TYPES =
            Map.of(
                    "float16", NpyType.FLOAT16,
                    "bfloat16", NpyType.BFLOAT16,
                    "float32", NpyType.FLOAT32);
    private static final Map<NpyType, String> DECLARED =
            Map.of(
                    NpyType.FLOAT16, "TYPE_FP16",
                    NpyType.BFLOAT16, "TYPE_BF16",
                    NpyType.FLOAT32, "TYPE_FP32");

    private final JsonNode pretrained;
    private final JsonNode build;

    private EngineFolder(JsonNode config) {
        this.pretrained = config.path("pretrained_config");
        this.build = config.path("build_config");
    }

    static EngineFolder read(Path folder, JsonMapper json) throws IOException {
        Path config = folder.resolve("config.json");
        if (!Files.isRegularFile(config)) {
            throw new IllegalStateException(
                    "there is no TensorRT-LLM engine in "
                            + folder
                            + " (no config.json): run `./weft engine build` with this deployment"
                            + " file");
        }
        return new EngineFolder(json.readTree(Files.readString(config)));
    }

    TokenModel model(
            ModelConfig base,
            TensorRtLlmSettings settings,
            int maxBatch,
            ModelDeclaration.InputType declared,
            List<String> faults) {
        checkBase(base, faults);
        int context =
                context(build.path("max_seq_len").asInt(base.contextLength()), settings, faults);
        int engineBatch = build.path("max_batch_size").asInt(maxBatch);
        if (maxBatch > engineBatch) {
            faults.add(
                    "max_batch_size is %d in config.pbtxt, the engine was built for %d"
                            .formatted(maxBatch, engineBatch));
        }
        return new TokenModel(
                base,
                maxBatch,
                context,
                build.path("max_input_len").asInt(context),
                lora(settings, declared, faults),
                build.path("gather_generation_logits").asBoolean(false),
                build.path("plugin_config").path("tokens_per_block").asInt(DEFAULT_BLOCK));
    }

    private static int context(int built, TensorRtLlmSettings settings, List<String> faults) {
        if (settings.maxModelLength() > built) {
            faults.add(
                    "the engine was built with --max_seq_len %d, weft.inference.max-model-length is %d"
                            .formatted(built, settings.maxModelLength()));
        }
        return settings.maxModelLength() == 0 ? built : Math.min(built, settings.maxModelLength());
    }

    /** An engine of another base would answer nonsense. */
    private void checkBase(ModelConfig base, List<String> faults) {
        check("vocab_size", base.vocabularySize(), faults);
        check("hidden_size", base.hiddenSize(), faults);
        check("num_hidden_layers", base.layers(), faults);
        check("num_attention_heads", base.heads(), faults);
        check("num_key_value_heads", base.kvHeads(), faults);
        check("intermediate_size", base.intermediateSize(), faults);
    }

    private void check(String name, int expected, List<String> faults) {
        int found = pretrained.path(name).asInt(-1);
        if (found != expected) {
            faults.add(
                    "the engine was built from a checkpoint with %s %d, the deployment's base has %d"
                            .formatted(name, found, expected));
        }
    }

    private TokenModel.@Nullable Lora lora(
            TensorRtLlmSettings settings,
            ModelDeclaration.InputType declared,
            List<String> faults) {
        String plugin = build.path("plugin_config").path("lora_plugin").asString("");
        NpyType built = TYPES.get(plugin);
        if (built == null) {
            return null;
        }
        JsonNode lora = build.path("lora_config");
        int maxRank = lora.path("max_lora_rank").asInt(0);
        if (maxRank < settings.maxRank()) {
            faults.add(
                    "the engine was built with --max_lora_rank %d, trt_llm.build.max_lora_rank is %d"
                            .formatted(maxRank, settings.maxRank()));
        }
        if (built != settings.loraType()) {
            faults.add(
                    "the engine was built with --lora_plugin %s, plugin_configuration.lora_plugin is %s"
                            .formatted(plugin, name(settings.loraType())));
        }
        if (!declared.type().equals(DECLARED.get(built))) {
            // TensorRT-LLM would answer as the base does, without an error
            faults.add(
                    "config.pbtxt declares lora_weights as %s, --lora_plugin %s takes %s"
                            .formatted(declared.type(), plugin, DECLARED.get(built)));
        }
        if (declared.columns() != COLUMNS) {
            faults.add(
                    "config.pbtxt declares lora_config with %d columns, %d are sent (no DoRA)"
                            .formatted(declared.columns(), COLUMNS));
        }
        List<String> modules = new ArrayList<>();
        lora.path("lora_target_modules").forEach(module -> modules.add(module.asString("")));
        return new TokenModel.Lora(built, maxRank, modules);
    }

    private static String name(NpyType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
