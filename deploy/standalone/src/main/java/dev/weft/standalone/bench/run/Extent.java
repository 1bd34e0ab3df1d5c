package dev.weft.standalone.bench.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The length of a run: until a number of requests was sent or a time is over, whichever comes
 * first. The run then waits for unfinished answers.
 *
 * @param requests null for no limit
 * @param duration null for no limit
 */
public record Extent(@Nullable Long requests, @Nullable Duration duration) {
    private static final int EACH_STREAM = 8;

    public Extent {
        if (requests != null && requests < 1) {
            throw new IllegalArgumentException(
                    "'%d' is not allowed for --requests: 1 or more".formatted(requests));
        }
    }

    /** The requests of a run; by default {@value #EACH_STREAM} for each stream. */
    long requests(int streams) {
        if (requests != null) {
            return requests;
        }
        return duration == null ? (long) EACH_STREAM * streams : Long.MAX_VALUE;
    }

    /** The nanoseconds after which no more requests are sent. */
    long nanos() {
        return duration == null ? Long.MAX_VALUE : duration.toNanos();
    }
}
