package dev.weft.format.trtllm;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.npy.NpyType;
import dev.weft.protocol.adapter.LinearModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The limits that an engine was built for, from the config.json that trtllm-build writes
 * (TensorRT-LLM 1.2: {@code pretrained_config} and {@code build_config}).
 *
 * @param lora null if the engine knows no adapters
 * @param prompts the longest prompt's limits
 * @param generationLogits whether it can return the logits that it sampled from
 * @param gpus that share the engine
 */
public record EngineLimits(
        Base base,
        Batch batch,
        Prompts prompts,
        @Nullable Lora lora,
        boolean generationLogits,
        int gpus) {
    static final String AGAIN = "; build the engine again: weft engine build FILE";

    private static final List<NpyType> PLUGIN_TYPES =
            List.of(NpyType.FLOAT16, NpyType.BFLOAT16, NpyType.FLOAT32);

    /** The shape of the engine's checkpoint. */
    public record Base(
            int vocabulary, int hidden, int layers, int heads, int kvHeads, int intermediate) {}

    /**
     * The most that a step takes.
     *
     * @param maxSeqLen tokens of a request's prompt and answer
     */
    public record Batch(int maxBatchSize, int maxSeqLen, int maxNumTokens) {}

    /**
     * The bounds of prompts in TensorRT-LLM.
     *
     * @param packed whether prompts are packed: then {@code max_input_len} is ignored, as
     *     trtllm-build warns and TrtGptModel (cpp/tensorrt_llm/batch_manager) does
     * @param readCache whether attention over them was built to read the KV cache
     */
    public record Prompts(boolean packed, int maxInputLen, boolean readCache) {}

    /**
     * The LoRA limits of an engine.
     *
     * @param type of the weights that it takes
     * @param modules those it can adapt, among the ones that Weft knows
     */
    public record Lora(NpyType type, int maxRank, Set<LinearModule> modules) {
        public Lora {
            Set<LinearModule> ordered = EnumSet.noneOf(LinearModule.class);
            ordered.addAll(modules);
            modules = Collections.unmodifiableSet(ordered);
        }
    }

    /**
     * Reads the limits of the engine in a folder.
     *
     * @throws BuiltEngineException if its config.json can't be read
     */
    public static EngineLimits read(Path engine) throws BuiltEngineException {
        return of(BuiltEngine.json(engine.resolve("config.json")));
    }

    private static EngineLimits of(JsonNode config) {
        JsonNode build = config.path("build_config");
        JsonNode model = config.path("pretrained_config");
        JsonNode plugins = build.path("plugin_config");
        int maxSeqLen = build.path("max_seq_len").asInt(0);
        return new EngineLimits(
                new Base(
                        model.path("vocab_size").asInt(0),
                        model.path("hidden_size").asInt(0),
                        model.path("num_hidden_layers").asInt(0),
                        model.path("num_attention_heads").asInt(0),
                        model.path("num_key_value_heads").asInt(0),
                        model.path("intermediate_size").asInt(0)),
                new Batch(
                        build.path("max_batch_size").asInt(0),
                        maxSeqLen,
                        build.path("max_num_tokens").asInt(0)),
                new Prompts(
                        plugins.path("remove_input_padding").asBoolean(true)
                                && plugins.path("context_fmha").asBoolean(true),
                        build.path("max_input_len").asInt(maxSeqLen),
                        plugins.path("use_paged_context_fmha").asBoolean(false)),
                lora(build, plugins.path("lora_plugin").asString("")),
                build.path("gather_generation_logits").asBoolean(false),
                model.path("mapping").path("world_size").asInt(1));
    }

    private static @Nullable Lora lora(JsonNode build, String plugin) {
        Optional<NpyType> type =
                PLUGIN_TYPES.stream().filter(t -> word(t).equals(plugin)).findFirst();
        if (type.isEmpty()) {
            return null;
        }
        JsonNode lora = build.path("lora_config");
        Set<LinearModule> modules = EnumSet.noneOf(LinearModule.class);
        lora.path("lora_target_modules")
                .forEach(name -> LinearModule.named(name.asString("")).ifPresent(modules::add));
        return new Lora(type.get(), lora.path("max_lora_rank").asInt(0), modules);
    }

    /**
     * The longest prompt.
     *
     * @param chunked whether prefill works in pieces ({@code enable_chunked_context})
     */
    public int maxPrompt(boolean chunked) {
        if (chunked) {
            return batch.maxSeqLen - 1;
        }
        return prompts.packed
                ? Math.min(batch.maxSeqLen - 1, batch.maxNumTokens)
                : prompts.maxInputLen;
    }

    /**
     * The reasons why the engine can't serve a deployment, each with what to do; empty if it can.
     * An engine that takes fewer requests at once than the file says can serve it, whoever built
     * it.
     */
    public List<String> misfits(EngineDemands asked, ModelConfig served) {
        var faults = new Faults();
        DecoderShape shape = served.shape();
        faults.other("vocab_size of the checkpoint", served.vocabulary().size(), base.vocabulary);
        faults.other("hidden_size of the checkpoint", shape.hiddenSize(), base.hidden);
        faults.other("num_hidden_layers of the checkpoint", shape.layers(), base.layers);
        faults.other(
                "num_attention_heads of the checkpoint", shape.attention().heads(), base.heads);
        faults.other(
                "num_key_value_heads of the checkpoint", shape.attention().kvHeads(), base.kvHeads);
        faults.other(
                "intermediate_size of the checkpoint", shape.intermediateSize(), base.intermediate);
        checkLora(asked, faults);
        faults.more("trt_llm.build.max_seq_len", asked.batch().maxSeqLen(), batch.maxSeqLen);
        faults.more("weft.inference.max-model-length", asked.maxModelLength(), batch.maxSeqLen);
        return faults.found;
    }

    /**
     * The demands of the file for which {@code engine build} would have to build the engine anew:
     * larger steps, or another number of GPUs.
     */
    List<String> changes(EngineDemands asked) {
        var faults = new Faults();
        faults.more(
                "trt_llm.build.max_batch_size", asked.batch().maxBatchSize(), batch.maxBatchSize);
        faults.more(
                "trt_llm.build.max_num_tokens", asked.batch().maxNumTokens(), batch.maxNumTokens);
        faults.other("trt_llm.build.tensor_parallel_count", asked.gpus(), gpus);
        return faults.found;
    }

    private void checkLora(EngineDemands asked, Faults faults) {
        if (lora == null || lora.type != LoraArrays.storage(asked.lora().plugin())) {
            faults.add(
                    "trt_llm.build.plugin_configuration.lora_plugin is "
                            + asked.lora().plugin().word()
                            + ", the engine was built "
                            + (lora == null ? "without LoRA" : "with " + word(lora.type)));
            return;
        }
        if (lora.type == NpyType.FLOAT32 && prompts.readCache) {
            faults.add(
                    "the engine was built in float32 with use_paged_context_fmha: TensorRT-LLM"
                            + " would read no KV cache for prompts, and answer wrongly, without an"
                            + " error");
        }
        faults.more("trt_llm.build.max_lora_rank", asked.lora().maxRank(), lora.maxRank);
        Set<LinearModule> missing = EnumSet.noneOf(LinearModule.class);
        missing.addAll(AdaptableModules.complete(asked.lora().modules()));
        missing.removeAll(lora.modules);
        if (!missing.isEmpty()) {
            faults.add(
                    "trt_llm.build.lora_configuration.lora_target_modules has "
                            + names(missing)
                            + ", the engine was built for "
                            + names(lora.modules));
        }
    }

    private static final class Faults {
        private final List<String> found = new ArrayList<>();

        void add(String fault) {
            found.add(fault + AGAIN);
        }

        void more(String key, @Nullable Integer asked, int built) {
            if (asked != null && asked > built) {
                add(key + " is " + asked + ", the engine was built for " + built);
            }
        }

        void other(String key, int asked, int built) {
            if (asked != built) {
                add(key + " is " + asked + ", the engine was built for " + built);
            }
        }
    }

    /** The spelling of a type in TensorRT-LLM and in the file. */
    private static String word(NpyType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** TensorRT-LLM's names of modules. */
    static List<String> names(Set<LinearModule> modules) {
        return modules.stream().map(LinearModule::tensorRtName).toList();
    }
}
