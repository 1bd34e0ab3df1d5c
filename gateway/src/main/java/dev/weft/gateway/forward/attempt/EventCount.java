package dev.weft.gateway.forward.attempt;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Counts the events of a stream that comes as whole events, by their lines that begin with {@code
 * event:}. One thread at a time.
 */
final class EventCount {
    private static final String MARK = "event:";

    /** Characters of the mark that the line has so far; -1 if it begins otherwise. */
    private int matched;

    private long events;

    /** Reads a buffer, and leaves it as it is. */
    void add(DataBuffer buffer) {
        int end = buffer.writePosition();
        for (int at = buffer.readPosition(); at < end; at++) {
            byte b = buffer.getByte(at);
            if (b == '\n' || b == '\r') {
                matched = 0;
            } else if (matched >= 0) {
                matched = matched < MARK.length() && b == MARK.charAt(matched) ? matched + 1 : -1;
                if (matched == MARK.length()) {
                    events++;
                    matched = -1;
                }
            }
        }
    }

    /** Events so far. */
    long events() {
        return events;
    }
}
