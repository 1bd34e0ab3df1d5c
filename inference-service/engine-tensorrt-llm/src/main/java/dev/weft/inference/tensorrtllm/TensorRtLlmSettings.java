package dev.weft.inference.tensorrtllm;

import dev.weft.model.npy.NpyType;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the engine. How many requests share a step and how long a context may be stand in the
 * model's own configuration.
 *
 * @param repository Triton's model repository
 * @param backends folder of Triton's backends
 * @param model name of the model in the repository
 * @param slots adapters loaded at once
 * @param hostCacheBytes memory for adapters that have left their slot; -1 means an eighth of the
 *     machine's
 * @param maxRank largest rank that the deployment asks for; the engine must have been built for it
 * @param loraType data type of the LoRA plugin that the deployment asks for
 * @param maxQueue requests that may wait for a row
 * @param maxRows requests that share a step, where the model does not say
 * @param maxModelLength positions of prompt and answer; 0 means the engine's own limit
 * @param scratch folder for adapters that the model is to read from files
 */
public record TensorRtLlmSettings(
        Path repository,
        Path backends,
        String model,
        int slots,
        long hostCacheBytes,
        int maxRank,
        NpyType loraType,
        int maxQueue,
        int maxRows,
        int maxModelLength,
        Path scratch) {
    private static final int HOST_CACHE_SHARE = 8;

    /** What NVIDIA's driver shows of itself, on Linux and in WSL. */
    private static final List<Path> GPUS = List.of(Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

    public TensorRtLlmSettings {
        if (hostCacheBytes < 0) {
            hostCacheBytes = machineMemory() / HOST_CACHE_SHARE;
        }
    }

    /** Why the engine can't serve on this machine; empty where a GPU and a built engine are. */
    public Optional<String> missing() {
        if (GPUS.stream().noneMatch(Files::exists)) {
            return Optional.of("no NVIDIA GPU is visible on this machine");
        }
        return missingModel();
    }

    /** Why there is no model to load. */
    Optional<String> missingModel() {
        Path config = repository.resolve(model).resolve("config.pbtxt");
        return Files.isRegularFile(config)
                ? Optional.empty()
                : Optional.of(
                        "no engine is built, "
                                + config
                                + " is missing (run `./weft engine build`)");
    }

    private static long machineMemory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
