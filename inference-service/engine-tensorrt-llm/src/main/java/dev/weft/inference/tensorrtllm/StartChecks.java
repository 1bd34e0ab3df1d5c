package dev.weft.inference.tensorrtllm;

import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.trtllm.BuiltEngine;
import dev.weft.format.trtllm.BuiltEngineException;
import dev.weft.format.trtllm.ConvertibleBase;
import dev.weft.format.trtllm.EngineFolder;
import dev.weft.format.trtllm.EngineLimits;
import dev.weft.inference.tensorrtllm.gpu.GpuDevices;
import dev.weft.inference.tensorrtllm.triton.LibraryCheck;
import dev.weft.inference.tensorrtllm.triton.TritonException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Checks before TensorRT-LLM is started, which takes a minute and fails with messages of its own.
 *
 * @param environment of this process
 */
record StartChecks(GpuDevices gpus, Map<String, String> environment) {
    /**
     * The environment variable that makes all ranks but the first run in the orchestrator's
     * processes; else they would end this one.
     */
    private static final String ORCHESTRATOR = "TRTLLM_ORCHESTRATOR";

    /** A file in the folder of NVIDIA's backend, which runs on GPUs only. */
    private static final String EXECUTOR_WORKER = "tensorrtllm/trtllmExecutorWorker";

    private static final String NO_GPU =
            "no NVIDIA GPU is visible on this machine: the driver must be installed, and a"
                    + " container started with `--device nvidia.com/gpu=all` (podman) or `--gpus"
                    + " all` (docker)";

    StartChecks {
        environment = Map.copyOf(environment);
    }

    static StartChecks ofThisMachine() {
        return new StartChecks(GpuDevices.ofThisMachine(), System.getenv());
    }

    /** Why {@code weft.engine: auto} can't take this engine. */
    Optional<String> missing(TensorRtLlmSettings settings) {
        if (!gpus.driver()) {
            return Optional.of("no NVIDIA GPU is visible on this machine");
        }
        try {
            BuiltEngine.find(folder(settings));
            return Optional.empty();
        } catch (BuiltEngineException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Looks at libtritonserver, the GPUs and the engine's files.
     *
     * @throws IllegalStateException with what to do
     */
    void require(TensorRtLlmSettings settings) {
        try {
            LibraryCheck.check();
            if (!gpus.driver()
                    && Files.exists(settings.model().backends().resolve(EXECUTOR_WORKER))) {
                throw new IllegalStateException("weft.engine is tensorrt-llm, but " + NO_GPU);
            }
            BuiltEngine.find(folder(settings)).ifPresent(built -> requireGpus(built.limits()));
        } catch (TritonException | BuiltEngineException e) {
            throw new IllegalStateException(
                    "weft.engine is tensorrt-llm, but " + e.getMessage(), e);
        }
    }

    /**
     * Checks an engine that Weft built against the deployment; any other engine is checked when
     * Triton has loaded it.
     *
     * @param base config.json of the checkpoint
     * @throws IllegalStateException with everything that does not fit and what to do
     */
    void requireFit(TensorRtLlmSettings settings, ModelConfig base) {
        List<String> unknown = ConvertibleBase.faults(base);
        if (!unknown.isEmpty()) {
            throw misfit(settings, unknown);
        }
        Optional<BuiltEngine> built;
        try {
            built = BuiltEngine.find(folder(settings));
        } catch (BuiltEngineException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        List<String> faults =
                built.map(engine -> engine.faults(settings.asked(), base)).orElse(List.of());
        if (!faults.isEmpty()) {
            throw misfit(settings, faults);
        }
    }

    /** A hint to add to TensorRT-LLM's own failure. */
    String hint() {
        return gpus.driver() ? "" : "\n" + NO_GPU;
    }

    static IllegalStateException misfit(TensorRtLlmSettings settings, List<String> faults) {
        return new IllegalStateException(
                "the model "
                        + settings.model().name()
                        + " in "
                        + settings.model().repository()
                        + " does not fit the deployment:\n  "
                        + String.join("\n  ", faults));
    }

    private void requireGpus(EngineLimits limits) {
        int needed = limits.gpus();
        List<String> faults = new ArrayList<>();
        OptionalInt visible = gpus.count();
        if (visible.isPresent() && visible.getAsInt() < needed) {
            faults.add(
                    "the engine was built for %d GPUs (trt_llm.build.tensor_parallel_count), %d can be seen: give the container as many, or build the engine for as many"
                            .formatted(needed, visible.getAsInt()));
        }
        if (needed > 1 && !"1".equals(environment.get(ORCHESTRATOR))) {
            faults.add(
                    "an engine for %d GPUs needs %s=1 in the environment: start the worker with it"
                            .formatted(needed, ORCHESTRATOR));
        }
        if (!faults.isEmpty()) {
            throw new IllegalStateException(
                    "weft.engine is tensorrt-llm, but " + String.join("\nand ", faults));
        }
    }

    private static EngineFolder folder(TensorRtLlmSettings settings) {
        return new EngineFolder(settings.model().repository().resolve(settings.model().name()));
    }
}
