package dev.weft.standalone.bench.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The setting of a measurement.
 *
 * @param started ISO 8601, in UTC
 * @param options options of the command line, with defaults filled in; values are text, numbers or
 *     lists; null if none was given
 * @param prompts how the prompts were made
 */
public record RunSetting(
        String started,
        Server server,
        Map<String, @Nullable Object> options,
        List<String> models,
        String prompts,
        Environment environment) {
    /**
     * The server that is measured.
     *
     * @param workers what its workers compute with; empty if it is not of Weft or doesn't tell
     * @param notes what it didn't understand
     */
    public record Server(String url, String api, List<ServedBy> workers, List<String> notes) {
        public Server {
            workers = List.copyOf(workers);
            notes = List.copyOf(notes);
        }
    }

    public RunSetting {
        models = List.copyOf(models);
    }

    String option(String name) {
        return String.valueOf(options.get(name));
    }
}
