package dev.weft.protocol.rollout;

import dev.weft.protocol.json.SenderName;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.shadow.ShadowFigures;
import java.util.List;

/**
 * What a gateway has measured since its last report. A catalog takes each number of an instance
 * once, so a gateway that had no answer sends the same report again.
 *
 * @param instance a run of a gateway; never used again after its end
 * @param number from 1, each larger than those before it
 * @param lines of versions that share a name
 * @param shadows of shadows; each counts as two lines of at most {@link #MOST_LINES}
 */
public record MeasureReport(String instance, long number, List<Line> lines, List<Shadow> shadows) {
    /** The path at which the catalog takes reports. */
    public static final String PATH = "/rollout/v1/reports";

    /** A line has at most some 12,000 bytes, and 1,000 as a rule: a report stays below 256 KiB. */
    public static final int MOST_LINES = 20;

    /** What was measured of one version. */
    public record Line(MeasuredVersion version, Measured measured) {}

    /** What was measured of the shadow with that id. */
    public record Shadow(long id, ShadowFigures figures) {}

    public MeasureReport {
        SenderName.check("instance", instance);
        if (number < 1) {
            throw new IllegalArgumentException("number " + number + ": allowed is 1 or more");
        }
        if (lines.size() + 2 * shadows.size() > MOST_LINES) {
            throw new IllegalArgumentException(
                    lines.size()
                            + " lines and "
                            + shadows.size()
                            + " shadows; allowed are at most "
                            + MOST_LINES
                            + " lines, of which a shadow takes two");
        }
        lines = List.copyOf(lines);
        shadows = List.copyOf(shadows);
    }

    /** A report without shadows. */
    public MeasureReport(String instance, long number, List<Line> lines) {
        this(instance, number, lines, List.of());
    }
}
