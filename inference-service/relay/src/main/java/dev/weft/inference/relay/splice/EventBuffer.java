package dev.weft.inference.relay.splice;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Bytes of a stream whose events are not whole yet. Each byte is copied in a time that does not
 * hang on how many pieces an event comes in, and is looked at once. One thread at a time.
 */
final class EventBuffer {
    private static final int LEAST = 8 << 10;

    /** As long as the pieces that a network brings; every stream has so much. */
    private static final int FREE = 64 << 10;

    private final LongConsumer growth;
    private byte[] bytes = {};
    private int length;

    /** Where the line begins that is looked through. */
    private int line;

    /** Where the look goes on. */
    private int at;

    /**
     * @param growth told how many bytes the buffer takes more than each has; throws if there are
     *     none
     */
    EventBuffer(LongConsumer growth) {
        this.growth = growth;
    }

    void add(byte[] piece) {
        int needed = Math.addExact(length, piece.length);
        if (needed > bytes.length) {
            int size = Math.max(Math.max(LEAST, needed), 2 * bytes.length);
            account(size);
            bytes = Arrays.copyOf(bytes, size);
        }
        System.arraycopy(piece, 0, bytes, length, piece.length);
        length = needed;
    }

    private void account(int size) {
        if (size > FREE) {
            growth.accept(size - Math.max(FREE, bytes.length));
        }
    }

    /** The bytes, of which the first {@link #length} count. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Index after the next empty line behind the last one that was found; 0 if there is none. */
    int endOfEvent() {
        while (true) {
            at = EventLines.end(bytes, at, length);
            if (at == length || (bytes[at] == '\r' && at + 1 == length)) {
                return 0; // a line feed may follow
            }
            boolean empty = at == line;
            line = EventLines.next(bytes, at, length);
            at = line;
            if (empty) {
                return line;
            }
        }
    }

    /** Forgets the bytes before an index that {@link #endOfEvent} has told. */
    void drop(int before) {
        System.arraycopy(bytes, before, bytes, 0, length - before);
        length -= before;
        line -= before;
        at -= before;
    }
}
