package dev.weft.standalone.bench.load;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of every request's body.
 *
 * @param temperature 0 picks the best token
 * @param holds fields among {@code ignore_eos} and {@code min_tokens} that keep an answer from
 *     ending early
 * @param usage whether to ask for a last event with the server's own count of tokens
 * @param extra names and JSON of more fields, as given
 */
public record BodyFields(
        Api api, double temperature, List<String> holds, boolean usage, Map<String, String> extra) {
    public BodyFields {
        holds = List.copyOf(holds);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** These fields without those that a server refused. */
    public BodyFields without(boolean noHolds, boolean noUsage) {
        return new BodyFields(
                api, temperature, noHolds ? List.of() : holds, usage && !noUsage, extra);
    }

    /**
     * A whole body.
     *
     * @param model as JSON
     * @param prompt as JSON
     * @param seed seed of the sampling; sent if the temperature isn't 0
     */
    public String json(String model, String prompt, int maxTokens, int seed) {
        var body = new StringBuilder(prompt.length() + 256);
        body.append("{\"model\":").append(model);
        switch (api) {
            case COMPLETIONS -> body.append(",\"prompt\":").append(prompt);
            case CHAT ->
                    body.append(",\"messages\":[{\"role\":\"user\",\"content\":")
                            .append(prompt)
                            .append("}]");
        }
        body.append(",\"stream\":true,\"max_tokens\":").append(maxTokens);
        body.append(",\"temperature\":").append(temperature);
        if (temperature > 0) {
            body.append(",\"seed\":").append(seed);
        }
        if (usage) {
            body.append(",\"stream_options\":{\"include_usage\":true}");
        }
        if (holds.contains("ignore_eos")) {
            body.append(",\"ignore_eos\":true");
        }
        if (holds.contains("min_tokens")) {
            body.append(",\"min_tokens\":").append(maxTokens);
        }
        extra.forEach((name, json) -> body.append(",\"").append(name).append("\":").append(json));
        return body.append('}').toString();
    }
}
