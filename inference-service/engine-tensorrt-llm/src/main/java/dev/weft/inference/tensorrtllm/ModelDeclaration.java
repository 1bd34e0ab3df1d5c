package dev.weft.inference.tensorrtllm;

import dev.weft.inference.tensorrtllm.tokens.TokenModel;
import dev.weft.model.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the configuration of a loaded model says of it, as Triton gives it. */
final class ModelDeclaration {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode config;

    ModelDeclaration(String config) {
        this.config = JSON.readTree(config);
    }

    boolean hasInput(String name) {
        return !input(name).isMissingNode();
    }

    boolean isDecoupled() {
        return config.path("model_transaction_policy").path("decoupled").asBoolean(false);
    }

    int maxBatch() {
        return config.path("max_batch_size").asInt(0);
    }

    String parameter(String name) {
        return config.path("parameters").path(name).path("string_value").asString("");
    }

    /** A model of the C++ backend with the engine that it runs; all faults at once. */
    TokenModel tokenModel(ModelConfig base, TensorRtLlmSettings settings) throws IOException {
        List<String> faults = new ArrayList<>();
        if (!isDecoupled()) {
            faults.add("model_transaction_policy must say decoupled: true, else nothing streams");
        }
        if (maxBatch() < 1) {
            faults.add("max_batch_size is " + maxBatch() + ", at least 1 is needed");
        }
        Path folder = Path.of(parameter("gpt_model_path"));
        TokenModel model =
                EngineFolder.read(folder, JSON).model(base, settings, maxBatch(), lora(), faults);
        if (!faults.isEmpty()) {
            throw new IllegalStateException(
                    "the model "
                            + settings.model()
                            + " in "
                            + settings.repository()
                            + " does not fit the deployment:\n  "
                            + String.join("\n  ", faults)
                            + "\nrun `./weft engine build` with this deployment file");
        }
        return model;
    }

    private InputType lora() {
        return new InputType(
                input("lora_weights").path("data_type").asString("nothing"),
                input("lora_config").path("dims").path(1).asInt(0));
    }

    /** What the model takes as an adapter's weights, and the columns of its lora_config. */
    record InputType(String type, int columns) {}

    private JsonNode input(String name) {
        for (JsonNode input : config.path("input")) {
            if (input.path("name").asString("").equals(name)) {
                return input;
            }
        }
        return JSON.missingNode();
    }
}
