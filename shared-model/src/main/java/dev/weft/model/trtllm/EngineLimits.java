package dev.weft.model.trtllm;

import dev.weft.model.checkpoint.LinearModule;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.deployment.Deployment;
import dev.weft.model.deployment.TensorRtSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an engine was built for, from the config.json that trtllm-build writes (TensorRT-LLM 1.2:
 * {@code pretrained_config} and {@code build_config}).
 *
 * @param loraPlugin {@code float16}, ...; empty where the engine knows no adapters
 * @param modules the modules it can adapt, of those that Weft knows
 * @param gpus that share the engine
 */
public record EngineLimits(
        int maxBatchSize,
        int maxSeqLen,
        int maxNumTokens,
        String loraPlugin,
        int maxLoraRank,
        Set<LinearModule> modules,
        int gpus,
        int layers,
        int hiddenSize,
        int vocabularySize) {
    private static final String AGAIN = "; build the engine again: weft engine build FILE";

    public EngineLimits {
        Set<LinearModule> ordered = EnumSet.noneOf(LinearModule.class);
        ordered.addAll(modules);
        modules = Collections.unmodifiableSet(ordered);
    }

    static EngineLimits of(JsonNode config) {
        JsonNode build = config.path("build_config");
        JsonNode model = config.path("pretrained_config");
        JsonNode lora = build.path("lora_config");
        Set<LinearModule> modules = EnumSet.noneOf(LinearModule.class);
        lora.path("lora_target_modules")
                .forEach(name -> LinearModule.named(name.asString("")).ifPresent(modules::add));
        return new EngineLimits(
                build.path("max_batch_size").asInt(0),
                build.path("max_seq_len").asInt(0),
                build.path("max_num_tokens").asInt(0),
                build.path("plugin_config").path("lora_plugin").asString(""),
                lora.path("max_lora_rank").asInt(0),
                modules,
                model.path("mapping").path("world_size").asInt(1),
                model.path("num_hidden_layers").asInt(0),
                model.path("hidden_size").asInt(0),
                model.path("vocab_size").asInt(0));
    }

    /** Where the deployment asks for more than the engine was built for; what to do about it. */
    List<String> faults(Deployment deployment, ModelConfig base) {
        var faults = new ArrayList<String>();
        lora(deployment, faults);
        TensorRtSettings.Build build = deployment.tensorRt().build();
        more("trt_llm.build.max_batch_size", build.maxBatchSize(), maxBatchSize, faults);
        more("trt_llm.build.max_num_tokens", build.maxNumTokens(), maxNumTokens, faults);
        more("trt_llm.build.max_seq_len", build.maxSeqLen(), maxSeqLen, faults);
        other("trt_llm.build.tensor_parallel_count", build.tensorParallelCount(), gpus, faults);
        other("num_hidden_layers of the checkpoint", base.layers(), layers, faults);
        other("hidden_size of the checkpoint", base.hiddenSize(), hiddenSize, faults);
        return faults;
    }

    private void lora(Deployment deployment, List<String> faults) {
        String plugin = deployment.loraPlugin().word();
        if (!loraPlugin.equals(plugin)) {
            String built = loraPlugin.isEmpty() ? "without LoRA" : "with " + loraPlugin;
            faults.add(
                    "trt_llm.build.plugin_configuration.lora_plugin is "
                            + plugin
                            + ", the engine was built "
                            + built
                            + AGAIN);
            return;
        }
        more("trt_llm.build.max_lora_rank", deployment.maxLoraRank(), maxLoraRank, faults);
        List<LinearModule> asked = deployment.tensorRt().build().loraTargetModules();
        Set<LinearModule> missing = EnumSet.noneOf(LinearModule.class);
        missing.addAll(AdaptableModules.complete(asked));
        missing.removeAll(modules);
        if (!missing.isEmpty()) {
            faults.add(
                    "trt_llm.build.lora_configuration.lora_target_modules has "
                            + names(missing)
                            + ", the engine was built for "
                            + names(modules)
                            + AGAIN);
        }
    }

    private static void more(String key, @Nullable Integer asked, int built, List<String> faults) {
        if (asked != null && asked > built) {
            faults.add(key + " is " + asked + ", the engine was built for " + built + AGAIN);
        }
    }

    private static void other(String key, int asked, int built, List<String> faults) {
        if (asked != built) {
            faults.add(key + " is " + asked + ", the engine was built for " + built + AGAIN);
        }
    }

    /** TensorRT-LLM's names. */
    static List<String> names(Set<LinearModule> modules) {
        return modules.stream().map(LinearModule::tensorRtName).toList();
    }
}
