package dev.weft.protocol.sse;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads {@code text/event-stream} as the HTML standard's section 9.2.6 describes it, from pieces
 * cut at any byte. Data stays bytes. For one thread at a time.
 */
public final class EventReader {
    /**
     * Longest line or event accepted if nothing else is said, 256 MiB: a snapshot of 100,000
     * adapters takes about 40 MB, and a stream that never ends a line must not fill the memory.
     */
    static final int LONGEST = 256 << 20;

    private static final int FIRST_SIZE = 1 << 9;
    private static final int LARGE = 1 << 20;
    private static final byte[] NEWLINE = {'\n'};
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private final Bytes line;
    private final Bytes data;
    private boolean hasData;
    private String event = "";
    private String lastId = "";
    private long retryMillis;
    private boolean afterCarriageReturn;
    private boolean first = true;

    public EventReader() {
        this(LONGEST);
    }

    /**
     * A reader of events of up to that many bytes.
     *
     * @param longest line or event accepted
     */
    public EventReader(int longest) {
        this.line = new Bytes(longest);
        this.data = new Bytes(longest);
    }

    /** Takes events. */
    @FunctionalInterface
    public interface Listener<E extends Exception> {
        /**
         * Takes one event.
         *
         * @param name {@code message} if the stream names none
         * @param data UTF-8 from index 0 on, lines joined by a line feed; valid until this returns
         * @param length bytes of data
         */
        void event(String name, byte[] data, int length) throws E;
    }

    /**
     * A growing array of bytes; the JDK's stream takes a lock for each call and copies to return
     * them.
     */
    private static final class Bytes {
        private final int longest;
        private byte[] array = new byte[FIRST_SIZE];
        private int size;

        Bytes(int longest) {
            this.longest = longest;
        }

        void take(ByteBuffer from, int count) throws ProtocolException {
            room(count);
            from.get(array, size, count);
            size += count;
        }

        void add(byte[] from, int start, int count) throws ProtocolException {
            room(count);
            System.arraycopy(from, start, array, size, count);
            size += count;
        }

        private void room(int count) throws ProtocolException {
            if (count > longest - size) {
                throw new ProtocolException(
                        "is not an event stream: a line or event has over " + longest + " bytes");
            }
            if (size + count > array.length) {
                array = Arrays.copyOf(array, Math.max(size + count, 2 * array.length));
            }
        }

        boolean startsWith(byte[] start) {
            return size >= start.length
                    && Arrays.equals(array, 0, start.length, start, 0, start.length);
        }

        /** A long line, such as a snapshot's, leaves no large array behind. */
        void clear() {
            if (array.length > LARGE) {
                array = new byte[FIRST_SIZE];
            }
            size = 0;
        }

        String text() {
            return new String(array, 0, size, StandardCharsets.UTF_8);
        }
    }

    /**
     * Takes all bytes that remain in the buffer and hands complete events to the listener.
     *
     * @throws ProtocolException if a line or an event is longer than accepted
     */
    public <E extends Exception> void read(ByteBuffer bytes, Listener<E> listener)
            throws E, ProtocolException {
        while (bytes.hasRemaining()) {
            if (afterCarriageReturn) {
                afterCarriageReturn = false;
                if (bytes.get(bytes.position()) == '\n') {
                    bytes.get();
                    continue;
                }
            }
            line.take(bytes, lineEnd(bytes) - bytes.position());
            if (bytes.hasRemaining()) {
                afterCarriageReturn = bytes.get() == '\r';
                endLine(listener);
            }
        }
    }

    /**
     * Ends the stream. An event without its empty line counts as well, unlike in the standard:
     * servers may leave out the last line feed.
     */
    public <E extends Exception> void end(Listener<E> listener) throws E, ProtocolException {
        if (line.size > 0) {
            endLine(listener);
        }
        dispatch(listener);
    }

    /** The end of the line that is being read, or of the bytes. */
    private static int lineEnd(ByteBuffer bytes) {
        int limit = bytes.limit();
        for (int i = bytes.position(); i < limit; i++) {
            byte b = bytes.get(i);
            if (b == '\n' || b == '\r') {
                return i;
            }
        }
        return limit;
    }

    /** The last id that the stream named; empty if it named none. */
    public String lastId() {
        return lastId;
    }

    /** Milliseconds the stream asks to wait before another connection; 0 if it does not say. */
    public long retryMillis() {
        return retryMillis;
    }

    private <E extends Exception> void endLine(Listener<E> listener) throws E, ProtocolException {
        if (line.size == 0) {
            dispatch(listener);
        } else if (line.startsWith(DATA)) {
            endDataLine();
        } else if (line.array[0] != ':') { // a comment, such as the heartbeat, is not a field
            String text = line.text();
            endLine(first && text.startsWith("\uFEFF") ? text.substring(1) : text, listener);
        }
        first = false;
        line.clear();
    }

    /** A data line may be long, so its bytes become data without a look at them. */
    private void endDataLine() throws ProtocolException {
        int start = DATA.length;
        if (line.size > start && line.array[start] == ' ') {
            start++;
        }
        data(line.array, start, line.size - start);
    }

    private void data(byte[] from, int start, int count) throws ProtocolException {
        if (hasData) {
            data.add(NEWLINE, 0, 1);
        }
        data.add(from, start, count);
        hasData = true;
    }

    private <E extends Exception> void endLine(String text, Listener<E> listener)
            throws E, ProtocolException {
        int colon = text.indexOf(':');
        if (text.isEmpty()) {
            dispatch(listener);
        } else if (colon != 0) {
            String value = colon < 0 ? "" : text.substring(colon + 1);
            field(
                    colon < 0 ? text : text.substring(0, colon),
                    value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void field(String field, String value) throws ProtocolException {
        switch (field) {
            case "event" -> event = value;
            case "data" -> {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                data(bytes, 0, bytes.length);
            }
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    lastId = value;
                }
            }
            case "retry" -> {
                if (value.matches("[0-9]{1,9}")) {
                    retryMillis = Long.parseLong(value);
                }
            }
            default -> {
                // the standard says to ignore unknown fields
            }
        }
    }

    private <E extends Exception> void dispatch(Listener<E> listener) throws E {
        String name = event.isEmpty() ? "message" : event;
        event = "";
        if (hasData) {
            hasData = false;
            listener.event(name, data.array, data.size);
            data.clear();
        }
    }
}
