package dev.weft.deployment.truss;

import dev.weft.deployment.truss.TensorRtSettings.QuantizationType;
import dev.weft.deployment.truss.TensorRtSettings.SchedulerPolicy;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraPlugin;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.settings.Allowed;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.Shown;
import dev.weft.settings.SizeRange;
import dev.weft.settings.Unset;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Pattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The keys of a Truss file that Weft reads, in the file's shape; names, meaning and bounds are
 * Truss's.
 *
 * @param modelName Name of the deployment.
 */
@ConfigurationPropertiesSource
public record Truss(
        @Unset("the served name") @Pattern(regexp = "(?s).+", message = "a name")
                @Nullable String modelName,
        @DefaultValue Resources resources,
        @DefaultValue TrtLlm trtLlm) {
    static final String RANKS = "1, 2, 4, 8, 16, 32, 64, 128 or 256 (1 to 256 and a power of two)";
    static final String TEXTS = "64 to 16384, a multiple of 64";
    static final String TOOL = "what NVIDIA's tool takes";

    /**
     * {@code resources}.
     *
     * @param accelerator GPU that the deployment asks for; on a machine without one Weft says so
     *     and uses the embedded engine.
     * @param cpu Cores for a scheduler of containers; {@code weft.inference.threads} sets those of
     *     the engine.
     * @param memory Memory for a scheduler of containers.
     * @param useGpu The deployment asks for a GPU.
     */
    public record Resources(
            @Unset("none")
                    @Pattern(regexp = "(?s).+", message = "a kind of GPU, e.g. H100 or H100:2")
                    @Nullable String accelerator,
            @Unset("none")
                    @Pattern(regexp = "\\d+(\\.\\d+)?m?", message = "cores as 2, 0.5 or 500m")
                    @Nullable String cpu,
            @Unset("none")
                    @Pattern(
                            regexp = "\\d+(\\.\\d+)?([KMGTP]i?|k)?B?",
                            message = "memory as 20Gi, 512Mi or 2G")
                    @Nullable String memory,
            @Unset("true if an accelerator is named, else false") @Nullable Boolean useGpu) {}

    /** {@code trt_llm}. */
    public record TrtLlm(@DefaultValue Build build, @DefaultValue Serving runtime) {}

    /**
     * {@code trt_llm.build}.
     *
     * @param baseModel Kind of model: causal language models are served. The architecture itself
     *     stands in the checkpoint.
     * @param maxLoraRank Largest rank an adapter may have; a larger one is rejected by the catalog.
     * @param maxSeqLen Tokens of prompt and answer together that a TensorRT-LLM engine is built
     *     for.
     * @param maxBatchSize Requests that share a step of a TensorRT-LLM engine.
     * @param maxNumTokens Tokens of one step of a TensorRT-LLM engine.
     * @param maxBeamWidth Beams of a TensorRT-LLM engine.
     * @param quantizationType Precision of a TensorRT-LLM engine's weights and KV cache; {@code
     *     engine build} refuses the fp4 types and smooth_quant.
     * @param tensorParallelCount GPUs that share each layer of a TensorRT-LLM engine.
     * @param pipelineParallelCount Stages of layers on GPUs of their own; {@code engine build}
     *     refuses more than 1.
     * @param numBuilderGpus GPUs that build parts of a TensorRT-LLM engine at the same time.
     * @param gatherAllTokenLogits A TensorRT-LLM engine keeps the logits of every token.
     */
    public record Build(
            @DefaultValue("decoder")
                    @Pattern(
                            regexp = "decoder|llama|mistral|qwen",
                            message =
                                    "decoder (also spelled llama, mistral or qwen, as older files"
                                            + " do)")
                    String baseModel,
            @DefaultValue Checkpoint checkpointRepository,
            @DefaultValue Map<String, Adapter> loraAdapters,
            @Unset("8") @PowerOfTwo @Range(min = 1, max = 256) @Allowed(RANKS)
                    @Nullable Integer maxLoraRank,
            @DefaultValue LoraConfiguration loraConfiguration,
            @DefaultValue PluginConfiguration pluginConfiguration,
            @Unset("the model's own limit") @Range(min = 1, max = 1 << 20)
                    @Nullable Integer maxSeqLen,
            @DefaultValue("256") @Range(min = 1, max = 2048) int maxBatchSize,
            @DefaultValue("8192") @Range(min = 65, max = 1 << 20) int maxNumTokens,
            @DefaultValue("1") @Range(min = 1, max = 1) int maxBeamWidth,
            @DefaultValue("no_quant") QuantizationType quantizationType,
            @DefaultValue QuantizationConfig quantizationConfig,
            @DefaultValue("1") @Range(min = 1, max = 64) int tensorParallelCount,
            @DefaultValue("1") @Range(min = 1, max = 64) int pipelineParallelCount,
            @Unset("1") @Range(min = 1, max = 64) @Nullable Integer numBuilderGpus,
            @DefaultValue("false") boolean gatherAllTokenLogits)
            implements Consistent {
        /** The largest rank if the file names none. */
        private static final int USUAL_RANK = 8;

        public Build {
            loraAdapters = new LinkedHashMap<>(loraAdapters);
        }

        /** The largest rank, whichever spelling the file has. */
        public int rank() {
            if (maxLoraRank != null) {
                return maxLoraRank;
            }
            Integer nested = loraConfiguration.maxLoraRank;
            return nested == null ? USUAL_RANK : nested;
        }

        @Override
        public void check(Faults faults, BoundSettings all) {
            Integer nested = loraConfiguration.maxLoraRank;
            if (maxLoraRank != null && nested != null && !nested.equals(maxLoraRank)) {
                faults.add(
                        List.of("lora-configuration", "max-lora-rank"),
                        "%d is not allowed: trt_llm.build.max_lora_rank says %d, and both mean the same"
                                .formatted(nested, maxLoraRank));
            }
            loraAdapters.keySet().stream()
                    .filter(name -> !AdapterId.isNewName(name))
                    .forEach(name ->
                            faults.add(
                                    List.of("lora-adapters", name),
                                    "the name '%s' is not allowed: %s"
                                            .formatted(name, AdapterId.NAME_RULE)));
        }
    }

    /**
     * {@code trt_llm.build.checkpoint_repository}.
     *
     * @param source Where the base model lies.
     * @param repo Repository of the base model; a FILE folder is absolute or relative to the
     *     deployment file.
     * @param revision Branch, tag or commit of the base model; of a FILE folder it is a note.
     */
    public record Checkpoint(
            @DefaultValue("HF") @Shown(Shown.How.BY_NAME) RepositorySource source,
            @Unset("must be given") @Pattern(regexp = "(?s).+", message = Repository.REPO)
                    @Nullable String repo,
            @Unset("the repository's default")
                    @Pattern(regexp = "\\S+", message = Repository.REVISION)
                    @Nullable String revision)
            implements Repository {}

    /**
     * An entry of {@code trt_llm.build.lora_adapters}.
     *
     * @param source Where the adapter {@code *} lies. The name is what clients write in {@code
     *     model}: 1 to 128 letters, digits, '.', '_', '-' or '/', first a letter or a digit, and
     *     not the served name.
     * @param repo Repository of the adapter; a FILE folder is absolute or relative to the
     *     deployment file.
     * @param revision Branch, tag or commit of the adapter; of a FILE folder it is a note.
     */
    @ConfigurationPropertiesSource
    public record Adapter(
            @DefaultValue("HF") @Shown(Shown.How.BY_NAME) RepositorySource source,
            @Unset("must be given") @Pattern(regexp = "(?s).+", message = Repository.REPO)
                    @Nullable String repo,
            @Unset("the repository's default")
                    @Pattern(regexp = "\\S+", message = Repository.REVISION)
                    @Nullable String revision)
            implements Repository {}

    /** A repository as files name it; the same for checkpoints and for adapters. */
    public sealed interface Repository {
        String REPO = "owner/name for HF, a folder for FILE, an address for the others";
        String REVISION = "a branch, a tag or a commit";

        RepositorySource source();

        @Nullable String repo();

        @Nullable String revision();
    }

    /**
     * {@code trt_llm.build.lora_configuration}.
     *
     * @param maxLoraRank Other spelling of the same; if both are given they must agree.
     * @param loraTargetModules Modules that adapters of a TensorRT-LLM engine may change.
     */
    public record LoraConfiguration(
            @Unset("as `trt_llm.build.max_lora_rank`")
                    @PowerOfTwo
                    @Range(min = 1, max = 256)
                    @Allowed(RANKS)
                    @Nullable Integer maxLoraRank,
            @DefaultValue
                    @Allowed(
                            "attn_q, attn_k, attn_v, attn_dense, mlp_h_to_4h, mlp_gate,"
                                    + " mlp_4h_to_h (or q_proj, ...)")
                    @Unset("those of the file's adapters, see docs/tensorrt-llm.md")
                    List<TargetModule> loraTargetModules) {}

    /** A module that an adapter may change, in either world's name. */
    public record TargetModule(LinearModule module) {
        /** Finds a module by name. */
        public static TargetModule of(String name) {
            return LinearModule.named(name)
                    .filter(LinearModule.SEPARATE::contains)
                    .map(TargetModule::new)
                    .orElseThrow(() -> new IllegalArgumentException(name + " is not a module"));
        }

        @Override
        public String toString() {
            return module.tensorRtName();
        }
    }

    /**
     * {@code trt_llm.build.plugin_configuration}.
     *
     * @param loraPlugin Data type of the LoRA plugin of a TensorRT-LLM engine; the embedded engine
     *     has no use for it.
     * @param pagedKvCache KV cache of a TensorRT-LLM engine in pages; {@code engine build} refuses
     *     false.
     * @param usePagedContextFmha Prompts of a TensorRT-LLM engine read the paged KV cache: needed
     *     for its reuse and for prompts in pieces.
     * @param useFp8ContextFmha Attention over prompts in fp8; needs the quantisation type fp8_kv.
     */
    public record PluginConfiguration(
            @DefaultValue("float16") LoraPlugin loraPlugin,
            @DefaultValue("true") boolean pagedKvCache,
            @DefaultValue("true") boolean usePagedContextFmha,
            @DefaultValue("false") boolean useFp8ContextFmha) {}

    /**
     * {@code trt_llm.build.quantization_config}.
     *
     * @param calibSize Texts that a quantisation is calibrated with.
     * @param calibDataset Dataset of these texts.
     * @param calibMaxSeqLength Tokens that each of these texts is cut to.
     */
    public record QuantizationConfig(
            @Unset(TOOL) @Range(min = 64, max = 16384) @MultipleOf(64) @Allowed(TEXTS)
                    @Nullable Integer calibSize,
            @Unset(TOOL)
                    @Pattern(regexp = "[^-\\s]\\S*", message = "a dataset of the hub or a folder")
                    @Nullable String calibDataset,
            @Unset(TOOL) @Range(min = 64, max = 16384) @MultipleOf(64) @Allowed(TEXTS)
                    @Nullable Integer calibMaxSeqLength) {}

    /**
     * {@code trt_llm.runtime}.
     *
     * @param servedModelName What clients write in {@code model} to get the base model.
     * @param kvCacheFreeGpuMemFraction Share of the GPU memory that weights and adapters leave for
     *     the KV cache of a TensorRT-LLM engine.
     * @param kvCacheHostMemoryBytes Host memory that blocks of the KV cache of a TensorRT-LLM
     *     engine move to.
     * @param loraCacheMaxAdapterSize Largest rank that TensorRT-LLM's caches of adapters are laid
     *     out for.
     * @param loraCacheOptimalAdapterSize Rank of an adapter that fills a page of these caches;
     *     larger ones take several.
     * @param loraCacheGpuMemoryFraction Share of the GPU memory that the weights leave, for
     *     adapters.
     * @param loraCacheHostMemoryBytes Host memory of TensorRT-LLM's cache of adapters.
     * @param enableChunkedContext A TensorRT-LLM engine works on long prompts in pieces.
     * @param batchSchedulerPolicy Whether a TensorRT-LLM engine starts requests that it may have to
     *     pause.
     */
    public record Serving(
            @Unset("the model name") @Pattern(regexp = "(?s).+", message = "a name")
                    @Nullable String servedModelName,
            @DefaultValue("0.9")
                    @Allowed(FRACTION)
                    @DecimalMin(value = "0", inclusive = false)
                    @DecimalMax("1")
                    double kvCacheFreeGpuMemFraction,
            @Unset("none") @SizeRange @Nullable DataSize kvCacheHostMemoryBytes,
            @Unset("max_lora_rank") @Range(min = 1, max = 1024)
                    @Nullable Integer loraCacheMaxAdapterSize,
            @Unset("max_lora_rank") @Range(min = 1, max = 1024)
                    @Nullable Integer loraCacheOptimalAdapterSize,
            @Unset(WORKED_OUT)
                    @Allowed(FRACTION)
                    @DecimalMin(value = "0", inclusive = false)
                    @DecimalMax("1")
                    @Nullable Double loraCacheGpuMemoryFraction,
            @Unset(WORKED_OUT) @SizeRange @Nullable DataSize loraCacheHostMemoryBytes,
            @DefaultValue("true") boolean enableChunkedContext,
            @DefaultValue("guaranteed_no_evict") SchedulerPolicy batchSchedulerPolicy) {
        static final String FRACTION = "a number over 0 and up to 1";
        static final String WORKED_OUT = "worked out, see docs/tensorrt-llm.md";
    }
}
