package dev.weft.standalone.bench.run;

import java.util.List;

/**
 * One run: so many streams for so long.
 *
 * @param samples in the order in which they ended
 * @param warmUpFailures of the requests before, which count for nothing else
 * @param wallNanos from the first request's start to the last one's end
 * @param cpuNanos of this process meanwhile
 * @param givenUp true where so many requests in a row failed that the run ended before its time
 */
public record RunResult(
        int streams,
        List<Sample> samples,
        List<Sample> warmUpFailures,
        long wallNanos,
        long cpuNanos,
        boolean givenUp) {
    public RunResult {
        samples = List.copyOf(samples);
        warmUpFailures = List.copyOf(warmUpFailures);
    }
}
