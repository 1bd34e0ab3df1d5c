package dev.weft.deployment.document;

import dev.weft.settings.key.PlainValue;
import java.util.regex.Pattern;

/**
 * One fault of a deployment.
 *
 * @param path of the key, e.g. {@code trt_llm.build.max_lora_rank}; empty if the file as a whole is
 *     meant
 * @param message the value there and the allowed ones
 */
public record DeploymentFault(String path, Origin origin, String message) {
    /** Names of keys that may hold a secret, whether the rest of the argument is read or not. */
    private static final Pattern SECRET = Pattern.compile("(?i)secret|password|token|api-?key");

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
        boolean secret = equals >= 0 && SECRET.matcher(argument).find();
        return secret ? argument.substring(0, equals) + "=***" : PlainValue.masked(argument);
    }
}
