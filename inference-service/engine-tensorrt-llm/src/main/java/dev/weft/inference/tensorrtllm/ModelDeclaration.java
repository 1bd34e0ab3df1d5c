package dev.weft.inference.tensorrtllm;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.BuiltEngineException;
import dev.weft.format.trtllm.EngineDemands;
import dev.weft.format.trtllm.EngineLimits;
import dev.weft.inference.tensorrtllm.tokens.TokenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The configuration of a loaded model, as Triton gives it. */
final class ModelDeclaration {
    private static final int COLUMNS = 3;
    private static final Map<NpyType, String> DECLARED =
            Map.of(
                    NpyType.FLOAT16, "TYPE_FP16",
                    NpyType.BFLOAT16, "TYPE_BF16",
                    NpyType.FLOAT32, "TYPE_FP32");

    private final JsonNode config;

    ModelDeclaration(String config) {
        this.config = JsonMapper.shared().readTree(config);
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

    /**
     * Checks a model that takes text.
     *
     * @throws IllegalStateException if its tensors have a dimension of a batch
     */
    void checkText(TensorRtLlmSettings settings) {
        if (maxBatch() != 0) {
            throw StartChecks.misfit(
                    settings,
                    List.of(
                            "max_batch_size is "
                                    + maxBatch()
                                    + ", and a model that takes text has 0 (triton_config in its"
                                    + " model.yaml)"));
        }
    }

    /**
     * A model of the C++ backend with the engine that it runs.
     *
     * @throws IllegalStateException with everything that does not fit the deployment
     */
    TokenModel tokenModel(ModelConfig base, TensorRtLlmSettings settings) {
        List<String> faults = new ArrayList<>();
        if (!isDecoupled()) {
            faults.add("model_transaction_policy must say decoupled: true, else nothing streams");
        }
        if (maxBatch() < 1) {
            faults.add("max_batch_size is " + maxBatch() + ", at least 1 is needed");
        }
        sharingFault(settings.asked()).ifPresent(faults::add);
        EngineLimits limits = limits();
        faults.addAll(limits.misfits(settings.asked(), base));
        if (maxBatch() > limits.batch().maxBatchSize()) {
            faults.add(
                    "config.pbtxt has max_batch_size %d, the engine was built for %d"
                            .formatted(maxBatch(), limits.batch().maxBatchSize()));
        }
        EngineLimits.Lora lora = limits.lora();
        if (lora != null) {
            checkTensors(lora.type(), faults);
        }
        if (lora == null || !faults.isEmpty()) {
            throw StartChecks.misfit(settings, faults);
        }
        int asked = settings.asked().maxModelLength();
        return new TokenModel(
                base,
                new TokenModel.Limits(
                        maxBatch(),
                        asked == 0
                                ? limits.batch().maxSeqLen()
                                : Math.min(asked, limits.batch().maxSeqLen()),
                        limits.maxPrompt(parameter("enable_chunked_context").equals("true"))),
                lora,
                limits.gpus(),
                limits.generationLogits(),
                parameter("normalize_log_probs").equals("false"),
                GuidedDecoding.rules(this, base.vocabulary().size()));
    }

    /**
     * The fault if tenants that must be apart share the KV cache, which tells adapters and tokens
     * apart but not tenants. An unset parameter means true.
     */
    Optional<String> sharingFault(EngineDemands asked) {
        return asked.tenantsApart() && !parameter("enable_kv_cache_reuse").equals("false")
                ? Optional.of(
                        "config.pbtxt does not say enable_kv_cache_reuse: false, so that one tenant"
                                + " could tell what another has sent: make it anew with `./weft"
                                + " engine build`, or take weft.inference.prefix-sharing: all")
                : Optional.empty();
    }

    private EngineLimits limits() {
        try {
            return EngineLimits.read(Path.of(parameter("gpt_model_path")));
        } catch (BuiltEngineException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * Checks the tensors' types: with another type TensorRT-LLM would answer as the base does,
     * without an error.
     */
    private void checkTensors(NpyType built, List<String> faults) {
        String type = input("lora_weights").path("data_type").asString("nothing");
        if (!type.equals(DECLARED.get(built))) {
            faults.add(
                    "config.pbtxt declares lora_weights as %s, the engine's lora_plugin takes %s"
                            .formatted(type, DECLARED.get(built)));
        }
        int columns = input("lora_config").path("dims").path(1).asInt(0);
        if (columns != COLUMNS) {
            faults.add(
                    "config.pbtxt declares lora_config with %d columns, %d are sent (no DoRA)"
                            .formatted(columns, COLUMNS));
        }
    }

    private JsonNode input(String name) {
        for (JsonNode input : config.path("input")) {
            if (input.path("name").asString("").equals(name)) {
                return input;
            }
        }
        return JsonMapper.shared().missingNode();
    }
}
