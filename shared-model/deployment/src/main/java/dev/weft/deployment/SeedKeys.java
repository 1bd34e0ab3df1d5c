package dev.weft.deployment;

import dev.weft.deployment.TextTypes.Spelling;
import dev.weft.format.trtllm.LoraPlugin;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.repository.RepositorySource;
import java.util.List;
import java.util.regex.Pattern;

/** The keys of a Truss file that Weft reads; Truss's own names and meaning. */
final class SeedKeys {
    static final List<String> ADAPTERS = List.of("trt_llm", "build", "lora_adapters");

    private static final String BUILD = "trt_llm.build.";
    private static final String CHECKPOINT = BUILD + "checkpoint_repository.";
    private static final String ADAPTER = BUILD + "lora_adapters.*.";

    /** A rank as TensorRT-LLM takes it. */
    private static final KeyType<Integer> RANK =
            NumberTypes.integer(
                    n -> n >= 1 && n <= 64 && Long.bitCount(n) == 1,
                    "1, 2, 4, 8, 16, 32 or 64 (1 to 64 and a power of two)");

    private static final KeyType<RepositorySource> SOURCE =
            TextTypes.oneOf(RepositorySource.class, Spelling.AS_IT_IS);
    private static final KeyType<String> REPO =
            TextTypes.text("owner/name for HF, a folder for FILE, an address for the others");
    private static final KeyType<String> REVISION =
            TextTypes.matching(Pattern.compile("\\S+"), "a branch, a tag or a commit");

    static final Key<String> MODEL_NAME =
            Key.noDefault(
                    "model_name",
                    TextTypes.text("a name"),
                    "the served name",
                    "Name of the deployment.");
    static final Key<String> ACCELERATOR =
            Key.noDefault(
                    "resources.accelerator",
                    TextTypes.text("a kind of GPU, e.g. H100 or H100:2"),
                    "none",
                    "GPU that the deployment asks for; on a machine without one Weft says so and"
                            + " uses the embedded engine.");
    static final Key<String> CPU =
            Key.noDefault(
                    "resources.cpu",
                    TextTypes.matching(
                            Pattern.compile("\\d+(\\.\\d+)?m?"), "cores as 2, 0.5 or 500m"),
                    "none",
                    "Cores for a scheduler of containers; `weft.inference.threads` sets those of"
                            + " the engine.");
    static final Key<String> MEMORY =
            Key.noDefault(
                    "resources.memory",
                    TextTypes.matching(
                            Pattern.compile("\\d+(\\.\\d+)?([KMGTP]i?|k)?B?"),
                            "memory as 20Gi, 512Mi or 2G"),
                    "none",
                    "Memory for a scheduler of containers.");
    static final Key<Boolean> USE_GPU =
            Key.noDefault(
                    "resources.use_gpu",
                    NumberTypes.flag(),
                    "true where an accelerator is named, else false",
                    "The deployment asks for a GPU.");
    static final Key<String> BASE_MODEL =
            Key.of(
                    BUILD + "base_model",
                    TextTypes.matching(
                            Pattern.compile("decoder|llama|mistral|qwen"),
                            "decoder (also spelled llama, mistral or qwen, as older files do)"),
                    "decoder",
                    "Kind of model: causal language models are served. The architecture itself"
                            + " stands in the checkpoint.");
    static final Key<RepositorySource> CHECKPOINT_SOURCE =
            Key.of(
                    CHECKPOINT + "source",
                    SOURCE,
                    RepositorySource.HF,
                    "Where the base model lies.");
    static final Key<String> CHECKPOINT_REPO =
            Key.noDefault(
                    CHECKPOINT + "repo",
                    REPO,
                    "must be given",
                    "Repository of the base model; a FILE folder is absolute or relative to the"
                            + " deployment file.");
    static final Key<String> CHECKPOINT_REVISION =
            Key.noDefault(
                    CHECKPOINT + "revision",
                    REVISION,
                    "the repository's default",
                    "Branch, tag or commit of the base model.");
    static final Key<RepositorySource> ADAPTER_SOURCE =
            Key.of(
                    ADAPTER + "source",
                    SOURCE,
                    RepositorySource.HF,
                    "Where the adapter `*` lies. The name is what clients write in `model`: "
                            + AdapterId.NAME_RULE
                            + ", and not the served name.");
    static final Key<String> ADAPTER_REPO =
            Key.noDefault(
                    ADAPTER + "repo",
                    REPO,
                    "must be given",
                    "Repository of the adapter; a FILE folder is absolute or relative to the"
                            + " deployment file.");
    static final Key<String> ADAPTER_REVISION =
            Key.noDefault(
                    ADAPTER + "revision",
                    REVISION,
                    "the repository's default",
                    "Branch, tag or commit of the adapter.");
    static final Key<Integer> MAX_LORA_RANK =
            Key.of(
                    BUILD + "max_lora_rank",
                    RANK,
                    8,
                    "Largest rank an adapter may have; a larger one is rejected by the catalog.");
    static final Key<Integer> NESTED_MAX_LORA_RANK =
            Key.noDefault(
                    BUILD + "lora_configuration.max_lora_rank",
                    RANK,
                    "as `trt_llm.build.max_lora_rank`",
                    "Other spelling of the same; where both are given they must agree.");
    static final Key<LoraPlugin> LORA_PLUGIN =
            Key.of(
                    BUILD + "plugin_configuration.lora_plugin",
                    TextTypes.oneOf(LoraPlugin.class, Spelling.KEBAB),
                    LoraPlugin.FLOAT16,
                    "Data type of the LoRA plugin of a TensorRT-LLM engine; the embedded engine"
                            + " has no use for it.");
    static final Key<String> SERVED_MODEL_NAME =
            Key.noDefault(
                    "trt_llm.runtime.served_model_name",
                    TextTypes.text("a name"),
                    "the model name",
                    "What clients write in `model` to get the base model.");

    static final List<Key<?>> ALL =
            List.of(
                    MODEL_NAME,
                    ACCELERATOR,
                    CPU,
                    MEMORY,
                    USE_GPU,
                    BASE_MODEL,
                    CHECKPOINT_SOURCE,
                    CHECKPOINT_REPO,
                    CHECKPOINT_REVISION,
                    ADAPTER_SOURCE,
                    ADAPTER_REPO,
                    ADAPTER_REVISION,
                    MAX_LORA_RANK,
                    NESTED_MAX_LORA_RANK,
                    LORA_PLUGIN,
                    SERVED_MODEL_NAME);

    private SeedKeys() {}
}
