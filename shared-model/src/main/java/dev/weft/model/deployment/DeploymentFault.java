package dev.weft.model.deployment;

/**
 * One thing that is wrong with a deployment.
 *
 * @param path of the key, e.g. {@code trt_llm.build.max_lora_rank}; empty where the file as a whole
 *     is meant
 * @param message what stands there and what is allowed
 */
public record DeploymentFault(String path, Origin origin, String message) {
    /** One line for a person. */
    @Override
    public String toString() {
        String key = path.isEmpty() ? "" : path + ": ";
        return switch (origin) {
            case Origin.InFile place -> place + ": " + key + message;
            case Origin.CommandLine(String argument) -> "--set " + argument + ": " + key + message;
            case Origin.Default _ -> key + message;
        };
    }
}
