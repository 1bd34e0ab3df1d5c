package dev.weft.standalone.bench.report;

import dev.weft.standalone.bench.run.RequestSample;
import dev.weft.standalone.bench.run.RunResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A run in figures.
 *
 * @param perModel figures in the order of the models, without models that got no request
 * @param warmUpErrors failures before the run
 * @param clientSeconds CPU time of this process during the run
 */
public record RunFigures(
        int streams,
        Figures all,
        Map<String, Figures> perModel,
        Map<String, Counts.Errors> warmUpErrors,
        double clientSeconds,
        boolean givenUp) {
    /** Summarizes a run. */
    public static RunFigures of(RunResult run, List<String> models) {
        Map<Integer, List<RequestSample>> byModel =
                run.samples().stream()
                        .collect(
                                Collectors.groupingBy(
                                        RequestSample::model, TreeMap::new, Collectors.toList()));
        var perModel = new LinkedHashMap<String, Figures>();
        byModel.forEach((model, samples) ->
                perModel.put(models.get(model), Figures.of(samples, run.wallNanos())));
        return new RunFigures(
                run.streams(),
                Figures.of(run.samples(), run.wallNanos()),
                perModel,
                Counts.errors(run.warmUpFailures()),
                run.cpuNanos() / 1e9,
                run.givenUp());
    }

    /** True if any request failed, also in the warm-up. */
    public boolean failed() {
        return all.counts().failed() > 0 || !warmUpErrors.isEmpty();
    }

    /** The number of cores that this process kept busy, such as 0.1. */
    double clientCores() {
        return clientSeconds / all.seconds();
    }
}
