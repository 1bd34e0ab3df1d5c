package dev.weft.inference.relay.splice;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Bytes of a stream whose events are not whole yet. The time to copy a byte does not depend on the
 * number of pieces of an event, and each byte is scanned once. One thread at a time.
 */
final class EventBuffer {
    private static final int LEAST = 8 << 10;

    /**
     * Bytes that every stream may take without account: as long as the pieces that a network
     * brings.
     */
    private static final int FREE = 64 << 10;

    private final LongConsumer growth;
    private byte[] bytes = {};
    private int length;

    /** Index of the first byte of the line that is scanned. */
    private int line;

    /** Index of the byte that is scanned next. */
    private int at;

    /**
     * @param growth gets the number of bytes by which the buffer grows beyond {@link #FREE}; throws
     *     if there is no memory for them
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
