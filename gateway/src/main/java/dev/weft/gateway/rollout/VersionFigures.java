package dev.weft.gateway.rollout;

import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.RequestOutcome;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was measured of one version since the last report. A wait before a worker is asked does not
 * count. For one thread at a time.
 */
final class VersionFigures {
    private final long[] firstToken = new long[Times.BUCKETS];
    private final long[] perToken = new long[Times.BUCKETS];
    private long requests;
    private long failures;

    void add(Answered answer) {
        if (!answer.isOfVersion()) {
            return;
        }
        boolean failed = answer.outcome().failed();
        if (failed || answer.outcome() == RequestOutcome.OK) {
            requests++;
            failures += failed ? 1 : 0;
        }
        if (answer.firstNanos() >= 0) {
            firstToken[Times.bucket(answer.firstNanos() - answer.askedNanos())]++;
        }
        answer.nanosPerToken().ifPresent(nanos -> perToken[Times.bucket(nanos)]++);
    }

    Measured sum() {
        return new Measured(requests, failures, times(firstToken), times(perToken));
    }

    private static Times times(long[] counts) {
        SortedMap<Integer, Long> times = new TreeMap<>();
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] > 0) {
                times.put(bucket, counts[bucket]);
            }
        }
        return new Times(times);
    }
}
