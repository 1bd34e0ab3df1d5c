package dev.weft.standalone.bench.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into server-sent events, wherever its pieces begin and end. For one thread
 * at a time.
 */
final class EventBytes {
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR = "event: error".getBytes(StandardCharsets.US_ASCII);

    /** Takes the data of an event; the array is valid until it returns. */
    interface Listener {
        void event(byte[] data, int length, boolean error);
    }

    /** Exposes its array, so that events are read without a copy. */
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes() {
            super(512);
        }

        byte[] array() {
            return buf;
        }
    }

    private final Listener listener;
    private final Bytes line = new Bytes();
    private final Bytes data = new Bytes();
    private boolean error;

    EventBytes(Listener listener) {
        this.listener = listener;
    }

    void add(ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, begin, i - begin);
                endLine();
                begin = i + 1;
            }
        }
        line.write(bytes, begin, bytes.length - begin);
    }

    /** Ends the stream. An event without its empty line still counts as one. */
    void end() {
        if (line.size() > 0) {
            endLine();
        }
        endEvent();
    }

    private void endLine() {
        byte[] bytes = line.array();
        int length = line.size();
        if (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        if (length == 0) {
            endEvent();
        } else if (startsWith(bytes, length, DATA)) {
            int from = DATA.length;
            if (from < length && bytes[from] == ' ') {
                from++;
            }
            if (data.size() > 0) {
                data.write('\n');
            }
            data.write(bytes, from, length - from);
        } else if (length == ERROR.length && startsWith(bytes, length, ERROR)) {
            error = true;
        }
        line.reset();
    }

    private void endEvent() {
        if (data.size() > 0) {
            listener.event(data.array(), data.size(), error);
        }
        data.reset();
        error = false;
    }

    private static boolean startsWith(byte[] bytes, int length, byte[] start) {
        return length >= start.length
                && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }
}
