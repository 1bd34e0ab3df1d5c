package dev.weft.protocol.feed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads {@code text/event-stream} as the HTML standard's section 9.2.6 describes it, from pieces
 * cut at any byte. For one thread.
 */
final class EventStreamParser {
    /**
     * Longest line or event accepted, 256 MiB: a snapshot of 100,000 adapters takes about 40 MB,
     * and a stream that never ends a line must not fill the memory.
     */
    private static final int LONGEST = 256 << 20;

    private static final int FIRST_SIZE = 1 << 13;
    private static final int LARGE = 1 << 20;
    private static final byte[] NEWLINE = {'\n'};
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private final Consumer<ServerSentEvent> listener;
    private final Bytes line = new Bytes();
    private final Bytes data = new Bytes();
    private boolean hasData;
    private String event = "";
    private String lastId = "";
    private long retryMillis;
    private boolean afterCarriageReturn;
    private boolean first = true;

    EventStreamParser(Consumer<ServerSentEvent> listener) {
        this.listener = listener;
    }

    /**
     * A growing array of bytes; the JDK's stream takes a lock for each call and copies to return
     * them.
     */
    private static final class Bytes {
        private byte[] array = new byte[FIRST_SIZE];
        private int size;

        void take(ByteBuffer from, int count) {
            room(count);
            from.get(array, size, count);
            size += count;
        }

        void add(byte[] from, int start, int count) {
            room(count);
            System.arraycopy(from, start, array, size, count);
            size += count;
        }

        private void room(int count) {
            if (count > LONGEST - size) {
                throw new IllegalArgumentException("line or event of over " + LONGEST + " bytes");
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

        /** Returns the bytes; this is empty afterwards. */
        ByteBuffer release() {
            ByteBuffer released = ByteBuffer.wrap(array, 0, size);
            array = new byte[FIRST_SIZE];
            size = 0;
            return released;
        }
    }

    /**
     * Takes all bytes that remain in the buffer and hands complete events to the listener.
     *
     * @throws IllegalArgumentException if a line or an event is longer than accepted
     */
    void accept(ByteBuffer bytes) {
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
                endLine();
            }
        }
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

    /** Milliseconds the stream asks to wait before another connection; 0 if it does not say. */
    long retryMillis() {
        return retryMillis;
    }

    private void endLine() {
        if (line.size == 0) {
            first = false;
            dispatch();
        } else if (line.startsWith(DATA)) {
            first = false;
            endDataLine();
        } else {
            String text = line.text();
            line.clear();
            endLine(text);
        }
    }

    /** A data line may be long, so its bytes become data without a look at them. */
    private void endDataLine() {
        int start = DATA.length;
        if (line.size > start && line.array[start] == ' ') {
            start++;
        }
        data(line.array, start, line.size - start);
        line.clear();
    }

    private void data(byte[] from, int start, int count) {
        if (hasData) {
            data.add(NEWLINE, 0, 1);
        }
        data.add(from, start, count);
        hasData = true;
    }

    private void endLine(String line) {
        String text = first && line.startsWith("\uFEFF") ? line.substring(1) : line;
        first = false;
        int colon = text.indexOf(':');
        if (text.isEmpty()) {
            dispatch();
        } else if (colon != 0) { // else a comment, the heartbeat
            String value = colon < 0 ? "" : text.substring(colon + 1);
            field(
                    colon < 0 ? text : text.substring(0, colon),
                    value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void field(String field, String value) {
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

    private void dispatch() {
        if (hasData) {
            listener.accept(
                    new ServerSentEvent(
                            lastId, event.isEmpty() ? "message" : event, data.release()));
        }
        hasData = false;
        event = "";
    }
}
