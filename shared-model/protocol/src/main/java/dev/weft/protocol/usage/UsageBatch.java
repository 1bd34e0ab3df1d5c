package dev.weft.protocol.usage;

import dev.weft.protocol.json.SenderName;
import java.time.Duration;
import java.util.List;

/**
 * Counts that a gateway hands to the catalog. A catalog takes each number of an instance once, so a
 * gateway that had no answer sends the same batch again.
 *
 * @param instance a run of a gateway; never used again after its end
 * @param number from 1, each larger than those before it
 * @param lines at most {@link #MOST_LINES}, each with a subject of its own
 */
public record UsageBatch(String instance, long number, List<Line> lines) {
    /** The path at which the catalog takes batches. */
    public static final String PATH = "/usage/v1/batches";

    public static final int MOST_LINES = 2_000;

    /** A batch that has waited for longer is not sent any more. */
    public static final Duration LONGEST_WAIT = Duration.ofDays(90);

    /** Counts of one subject. */
    public record Line(UsageSubject subject, UsageCounts counts) {}

    public UsageBatch {
        SenderName.check("instance", instance);
        if (number < 1) {
            throw new IllegalArgumentException("number " + number + ": allowed is 1 or more");
        }
        if (lines.size() > MOST_LINES) {
            throw new IllegalArgumentException(
                    lines.size() + " lines; allowed are at most " + MOST_LINES);
        }
        lines = List.copyOf(lines);
    }
}
