package dev.weft.source;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How repositories are reached.
 *
 * @param hubEndpoint the Hugging Face hub or what speaks its protocol; no slash at its end
 * @param hubToken sent to the hub's own address only; null for public repositories
 * @param connectTimeout for each connection
 * @param stallTimeout longest silence, before an answer and within one
 * @param deadline for one fetch with all its files and retries
 * @param attempts how often an operation is tried that makes no progress
 * @param backoff pause before the second attempt; doubles each time, up to 16 times as long
 */
public record SourceSettings(
        URI hubEndpoint,
        @Nullable String hubToken,
        Duration connectTimeout,
        Duration stallTimeout,
        Duration deadline,
        int attempts,
        Duration backoff) {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";

    public SourceSettings {
        String scheme = hubEndpoint.getScheme();
        if (hubEndpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT '" + hubEndpoint + "': an http or https address is allowed");
        }
        if (hubToken != null && !hubToken.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    "HF_TOKEN holds a character that is allowed in no header");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts " + attempts + ": 1 or more are allowed");
        }
    }

    /**
     * Reads {@code HF_ENDPOINT} and {@code HF_TOKEN} as Hugging Face's own tools do; the rest has
     * defaults.
     */
    public static SourceSettings fromEnvironment(Map<String, String> environment) {
        String endpoint = value(environment, "HF_ENDPOINT", DEFAULT_ENDPOINT).replaceAll("/+$", "");
        String token = value(environment, "HF_TOKEN", "");
        URI uri;
        try {
            uri = URI.create(endpoint);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT '" + endpoint + "': an http or https address is allowed", e);
        }
        return new SourceSettings(
                uri,
                token.isEmpty() ? null : token,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofHours(6),
                5,
                Duration.ofMillis(500));
    }

    private static String value(Map<String, String> environment, String key, String otherwise) {
        String value = environment.getOrDefault(key, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "SourceSettings[" + hubEndpoint + (hubToken == null ? "]" : ", with a token]");
    }
}
