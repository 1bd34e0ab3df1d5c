package dev.weft.standalone.bench.run;

import java.util.List;

/**
 * The result of one run, with a number of streams for a time.
 *
 * @param samples in the order in which they ended
 * @param warmUpFailures failures of the warm-up requests, which count for nothing else
 * @param wallNanos time from the first request's start to the last one's end
 * @param cpuNanos CPU time of this process meanwhile
 * @param givenUp true if so many requests in a row failed that the run ended early
 */
public record RunResult(
        int streams,
        List<RequestSample> samples,
        List<RequestSample> warmUpFailures,
        long wallNanos,
        long cpuNanos,
        boolean givenUp) {
    public RunResult {
        samples = List.copyOf(samples);
        warmUpFailures = List.copyOf(warmUpFailures);
    }
}
