package dev.weft.inference.relay.dialect;

import java.util.List;

/**
 * The metrics in which a server says how busy it is, each by the names that its versions have, the
 * newest first.
 *
 * @param waiting requests that it does not compute yet
 * @param kvUsage share of the KV cache in use, 0 to 1
 * @param tokenSeconds histogram of the time between two tokens of a request
 * @param promptTokens counter of tokens prefilled
 * @param generatedTokens counter of tokens produced
 */
public record LoadMetrics(
        List<String> waiting,
        List<String> kvUsage,
        List<String> tokenSeconds,
        List<String> promptTokens,
        List<String> generatedTokens) {
    /** The metrics of a server that does not say how busy it is. */
    public static final LoadMetrics NONE =
            new LoadMetrics(List.of(), List.of(), List.of(), List.of(), List.of());

    public LoadMetrics {
        waiting = List.copyOf(waiting);
        kvUsage = List.copyOf(kvUsage);
        tokenSeconds = List.copyOf(tokenSeconds);
        promptTokens = List.copyOf(promptTokens);
        generatedTokens = List.copyOf(generatedTokens);
    }
}
