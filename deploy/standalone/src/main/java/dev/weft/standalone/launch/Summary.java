package dev.weft.standalone.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text that people need once services run: the addresses, and a request to try.
 *
 * @param bases names of the bases, in the order of their workers
 * @param adapters that are ready
 * @param sample whether the bundled sample is served, whose domain is data requests
 */
record Summary(
        Startup.Listening services,
        List<String> bases,
        List<ReadyAdapter> adapters,
        boolean sample) {
    /** The most adapters to name; of the others only the number is given. */
    private static final int NAMED = 12;

    @Override
    public String toString() {
        String model =
                adapters.stream()
                        .filter(ReadyAdapter::makesText)
                        .map(ReadyAdapter::name)
                        .findFirst()
                        .orElse(bases.getFirst());
        String prompt =
                sample
                        ? "show the 5 newest orders from Lyon above 200 euros"
                        : "Hello, who are you?";
        return """

        gateway  %s   models: %s
        catalog  %s   admin API: /admin/v1/adapters, described in /openapi.json
        %s

        curl %s/v1/chat/completions -H 'Content-Type: application/json' \\
          -d '{"model":"%s","messages":[{"role":"user","content":"%s"}]}'

        """
                .formatted(
                        services.gateway().address(),
                        models(),
                        services.catalog().address(),
                        workers(),
                        services.gateway().address(),
                        model,
                        prompt);
    }

    private String workers() {
        List<String> lines = new ArrayList<>();
        for (RunningService worker : services.workers()) {
            String line = "worker   " + worker.address();
            lines.add(bases.size() == 1 ? line : line + "   of " + bases.get(lines.size()));
        }
        return String.join("\n", lines);
    }

    private String models() {
        String named =
                Stream.concat(
                                bases.stream(),
                                adapters.stream().limit(NAMED).map(ReadyAdapter::name))
                        .collect(Collectors.joining(", "));
        int more = adapters.size() - NAMED;
        return more > 0 ? named + " and " + more + " more: ./weft adapters list" : named;
    }
}
