package dev.weft.standalone.bench.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The setting of a measurement.
 *
 * @param started ISO 8601, in UTC
 * @param url address of the server
 * @param options options of the command line, with defaults filled in; values are text, numbers or
 *     lists; null if none was given
 * @param prompts how the prompts were made
 * @param notes what the server didn't understand
 */
public record RunSetting(
        String started,
        String url,
        String api,
        Map<String, @Nullable Object> options,
        List<String> models,
        String prompts,
        List<String> notes,
        Environment environment) {
    public RunSetting {
        models = List.copyOf(models);
        notes = List.copyOf(notes);
    }

    String option(String name) {
        return String.valueOf(options.get(name));
    }
}
