package dev.weft.standalone.bench.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param started ISO 8601, in UTC
 * @param url of the server
 * @param options of the command line, defaults filled in; values are text, numbers or lists; null
 *     where none was given
 * @param prompts how they were made
 * @param notes what the server did not understand
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
