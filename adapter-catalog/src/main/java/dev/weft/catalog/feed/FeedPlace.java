package dev.weft.catalog.feed;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the log: an event that was read, or the beginning.
 *
 * @param sequence of the event
 * @param mark random number of the event, 1 or more. It differs from that of an event with the same
 *     number that was written after the database was restored from a backup. {@link #UNMARKED} if
 *     the log has no event there
 */
public record FeedPlace(long sequence, long mark) {
    /** A mark that no event has. */
    static final long UNMARKED = 0;

    private static final Pattern ID = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    /**
     * Reads the {@link #id} of an event; empty if the text is no such id, or an id from a catalog
     * of an earlier version, which gave no marks.
     */
    static Optional<FeedPlace> ofId(String id) {
        Matcher parts = ID.matcher(id);
        return parts.matches()
                ? Optional.of(
                        new FeedPlace(
                                Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    /** Field {@code id} of an event at this place, by which a follower resumes. */
    String id() {
        return sequence + "-" + mark;
    }
}
