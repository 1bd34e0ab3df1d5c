package dev.weft.standalone.bench.gateway;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads HTTP/1.1 messages of a connection, but only the parts that this benchmark's messages have.
 * For one thread.
 */
final class HttpReader {
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)");
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final byte[] END_OF_CHUNKS = {'0', '\r', '\n', '\r', '\n'};

    private final InputStream in;
    private byte[] bytes = new byte[1 << 14];
    private int from;
    private int to;

    HttpReader(InputStream in) {
        this.in = in;
    }

    /** The next head, its empty line included; empty at the end of the connection. */
    String head() throws IOException {
        while (true) {
            int end = indexOf(END_OF_HEAD);
            if (end >= 0) {
                String head = new String(bytes, from, end - from, StandardCharsets.US_ASCII);
                from = end;
                return head;
            }
            if (!more()) {
                return "";
            }
        }
    }

    /** The length of the body after a head; 0 if it says none. */
    static int length(String head) {
        Matcher length = LENGTH.matcher(head.toLowerCase(Locale.ROOT));
        return length.find() ? Integer.parseInt(length.group(1)) : 0;
    }

    void skip(int count) throws IOException {
        int left = count;
        while (left > to - from) {
            left -= to - from;
            from = to;
            need();
        }
        from += left;
    }

    /** Waits for the first bytes of a body. */
    void begin() throws IOException {
        while (from == to) {
            need();
        }
    }

    /** Reads a chunked body to its end; returns the number of its events. */
    int chunks() throws IOException {
        int end;
        while ((end = indexOf(END_OF_CHUNKS)) < 0) {
            need();
        }
        int events = 0;
        for (int i = from; i < end - 5; i++) {
            boolean data = bytes[i] == 'd' && bytes[i + 1] == 'a' && bytes[i + 4] == ':';
            events += data ? 1 : 0;
        }
        from = end;
        return events;
    }

    /** The index after the first such bytes; -1 if they have not come. */
    private int indexOf(byte[] wanted) {
        for (int i = from; i <= to - wanted.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i + wanted.length;
            }
        }
        return -1;
    }

    private void need() throws IOException {
        if (!more()) {
            throw new EOFException("the connection ended within a message");
        }
    }

    private boolean more() throws IOException {
        if (from > 0) {
            System.arraycopy(bytes, from, bytes, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * to);
        }
        int read = in.read(bytes, to, bytes.length - to);
        to += Math.max(0, read);
        return read > 0;
    }
}
