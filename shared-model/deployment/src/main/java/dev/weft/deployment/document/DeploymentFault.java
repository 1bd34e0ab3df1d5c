package dev.weft.deployment.document;

import dev.weft.settings.key.PlainValue;

/**
 * One fault of a deployment.
 *
 * @param path of the key, e.g. {@code trt_llm.build.max_lora_rank}; empty if the file as a whole is
 *     meant
 * @param message the value there and the allowed ones
 */
public record DeploymentFault(String path, Origin origin, String message) {
    /** One line for a person. */
    @Override
    public String toString() {
        String key = path.isEmpty() ? "" : path + ": ";
        return switch (origin) {
            case Origin.InFile _, Origin.InEnvironment _ -> origin + ": " + key + message;
            case Origin.CommandLine(String argument) ->
                    "--set " + shown(argument) + ": " + key + message;
            case Origin.Default _ -> key + message;
        };
    }

    /**
     * Hides a secret that was given on the command line, so that it is not written down once more.
     */
    private static String shown(String argument) {
        int equals = argument.indexOf('=');
        boolean secret = argument.strip().startsWith("weft.secrets") && equals >= 0;
        return secret ? argument.substring(0, equals) + "=***" : PlainValue.masked(argument);
    }
}
