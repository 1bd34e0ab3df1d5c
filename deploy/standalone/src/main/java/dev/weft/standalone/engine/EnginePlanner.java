package dev.weft.standalone.engine;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.EffectiveDeployment;
import dev.weft.deployment.truss.TensorRtSettings;
import dev.weft.deployment.truss.TensorRtSettings.Build;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.trtllm.ConvertibleBase;
import dev.weft.format.trtllm.EngineFolder;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.format.trtllm.TritonModel;
import dev.weft.inference.server.settings.DeployedEngine;
import dev.weft.inference.server.settings.InferenceSettings;
import dev.weft.inference.server.settings.TritonSettings;
import dev.weft.standalone.engine.EnginePlan.Step;
import dev.weft.standalone.failure.CommandException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Plans a build from a deployment. The options are those of TensorRT-LLM 1.2.1, the last release
 * with these tools: examples/models/core/{llama,qwen}/convert_checkpoint.py,
 * quantization/quantize.py and trtllm-build. Weights, plugins and adapters all have the type of
 * lora_plugin, since TensorRT-LLM ignores adapters of another type.
 */
final class EnginePlanner {
    private final EffectiveDeployment effective;
    private final Deployment deployment;
    private final Build build;
    private final ModelConfig base;
    private final Path checkpoint;
    private final Tools tools;
    private final EngineFolder folder;
    private final EngineFolder work;
    private final PromptAttention attention;
    private final PlanFaults faults = new PlanFaults();

    /**
     * @param base config.json of the checkpoint
     * @param checkpoint its folder
     */
    EnginePlanner(EffectiveDeployment effective, ModelConfig base, Path checkpoint, Tools tools) {
        this.effective = effective;
        this.deployment = effective.deployment();
        this.build = deployment.tensorRt().build();
        this.attention = PromptAttention.of(deployment);
        this.base = base;
        this.checkpoint = checkpoint;
        this.tools = tools;
        this.folder = deployment.settings(TritonSettings.class).folder();
        this.work = folder.underWay();
    }

    /**
     * Makes the plan.
     *
     * @throws CommandException with all settings of the file that can't be met
     */
    EnginePlan plan() throws CommandException {
        ConvertibleBase.faults(base).forEach(faults::add);
        new FileDemands(deployment.tensorRt(), base, faults).check(effective);
        ModuleChoice modules = ModuleChoice.of(deployment, base, faults);
        AdapterCaches memory = AdapterCaches.of(deployment, base, modules, faults);
        Step convert = convert();
        faults.raise();
        List<String> notes = new ArrayList<>();
        notes.add("modules: " + String.join(" ", modules.names()) + " (" + modules.why() + ")");
        notes.addAll(memory.notes());
        notes.add(prompts());
        addWarnings(notes);
        return new EnginePlan(
                folder,
                "engine of " + deployment.modelName() + " from " + deployment.base().checkpoint(),
                List.of(convert, build(modules)),
                model(memory),
                notes);
    }

    private void addWarnings(List<String> notes) {
        if (QuantizationArguments.calibrates(build.quantization().type())) {
            notes.add(
                    "calibration: it needs a GPU and texts; they come from the hub unless"
                            + " quantization_config names a folder");
        }
        if (build.parallelism().tensorParallelCount() > 1) {
            notes.add(
                    "several GPUs: start the worker with TRTLLM_ORCHESTRATOR=1; this has never been"
                            + " run");
        }
        notes.add("these commands follow NVIDIA's documents; none has been run on a GPU by us");
    }

    private Step convert() {
        boolean quantize = QuantizationArguments.byQuantize(build.quantization().type());
        String script =
                quantize
                        ? "quantization/quantize.py"
                        : switch (base.family()) {
                            case "llama", "mistral" -> "models/core/llama/convert_checkpoint.py";
                            case "qwen2", "qwen3" -> "models/core/qwen/convert_checkpoint.py";
                            // There is a fault for this family already: no command is run.
                            default -> "models/core/" + base.family();
                        };
        var command = new ArrayList<>(List.of(tools.python(), tools.script(script)));
        add(command, "--model_dir", checkpoint);
        add(command, "--output_dir", work.checkpoint());
        add(command, "--dtype", type());
        add(command, "--tp_size", build.parallelism().tensorParallelCount());
        command.addAll(QuantizationArguments.of(build.quantization().type()));
        command.addAll(
                QuantizationArguments.calibration(
                        build.quantization().type(),
                        build.quantization().calibration(),
                        base.family(),
                        faults));
        return new Step(
                "checkpoint",
                command,
                work.checkpoint(),
                files("rank%d.safetensors", build.parallelism().tensorParallelCount()));
    }

    private Step build(ModuleChoice modules) {
        var command = new ArrayList<>(List.of(tools.builder()));
        add(command, "--checkpoint_dir", work.checkpoint());
        add(command, "--output_dir", work.engine());
        add(command, "--gemm_plugin", type());
        add(command, "--gpt_attention_plugin", type());
        add(command, "--kv_cache_type", "paged");
        add(command, "--remove_input_padding", "enable");
        add(command, "--use_paged_context_fmha", enable(attention.readsCache()));
        add(command, "--use_fp8_context_fmha", enable(attention.fp8()));
        add(command, "--lora_plugin", type());
        command.add("--lora_target_modules");
        command.addAll(modules.names());
        add(command, "--max_lora_rank", deployment.lora().maxRank());
        add(command, "--max_batch_size", build.batch().maxBatchSize());
        add(command, "--max_num_tokens", build.batch().maxNumTokens());
        add(command, "--max_seq_len", maxSeqLen());
        add(command, "--max_beam_width", 1);
        if (build.gatherAllTokenLogits()) {
            command.add("--gather_all_token_logits");
        }
        int workers =
                build.parallelism().builderGpus() == null ? 1 : build.parallelism().builderGpus();
        add(command, "--workers", Math.min(workers, build.parallelism().tensorParallelCount()));
        return new Step(
                "engine",
                command,
                work.engine(),
                files("rank%d.engine", build.parallelism().tensorParallelCount()));
    }

    /** The file's length, else the limit given to Weft, else the model's own. */
    private int maxSeqLen() {
        int limit = deployment.settings(InferenceSettings.class).maxModelLength();
        if (build.batch().maxSeqLen() != null) {
            return build.batch().maxSeqLen();
        }
        return limit > 0 ? limit : ConvertibleBase.contextLength(base);
    }

    /**
     * A note on the longest prompt that TensorRT-LLM takes at run time, whatever {@code
     * max_input_len} says.
     */
    private String prompts() {
        int most = maxSeqLen() - 1;
        if (inPieces()) {
            return "prompts: up to %d tokens, in pieces of a step's %d"
                    .formatted(most, build.batch().maxNumTokens());
        }
        return "prompts: up to %d tokens, %s"
                .formatted(
                        Math.min(most, build.batch().maxNumTokens()),
                        attention
                                .obstacle()
                                .map(why ->
                                        "each at once and without reuse of others', since " + why)
                                .orElse("since trt_llm.runtime.enable_chunked_context is false"));
    }

    private boolean inPieces() {
        return attention.readsCache() && deployment.tensorRt().serving().enableChunkedContext();
    }

    private TritonModel model(AdapterCaches memory) {
        TensorRtSettings.Serving serving = deployment.tensorRt().serving();
        return new TritonModel(
                deployment.settings(TritonSettings.class).model(),
                folder.engine(),
                new TritonModel.Scheduling(
                        build.batch().maxBatchSize(),
                        inPieces(),
                        serving.batchSchedulerPolicy().name().toLowerCase(Locale.ROOT)),
                new TritonModel.Lora(
                        LoraArrays.storage(deployment.lora().plugin()),
                        memory.ranks(),
                        memory.hostBytes(),
                        memory.gpuFraction()),
                new TritonModel.KvCache(
                        serving.kvCacheFreeGpuMemoryFraction(),
                        serving.kvCacheHostMemoryBytes(),
                        reusesPrefixes()));
    }

    private boolean reusesPrefixes() {
        return attention.readsCache()
                && deployment.settings(InferenceSettings.class).prefixCache()
                && !DeployedEngine.demands(deployment).tenantsApart();
    }

    private String type() {
        return deployment.lora().plugin().word();
    }

    private static String enable(boolean on) {
        return on ? "enable" : "disable";
    }

    private static void add(List<String> command, String option, @Nullable Object value) {
        command.add(option);
        command.add(String.valueOf(value));
    }

    private static List<String> files(String pattern, int gpus) {
        var files = new ArrayList<>(List.of("config.json"));
        for (int rank = 0; rank < gpus; rank++) {
            files.add(pattern.formatted(rank));
        }
        return files;
    }
}
