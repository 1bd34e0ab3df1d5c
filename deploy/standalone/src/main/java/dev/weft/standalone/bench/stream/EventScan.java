package dev.weft.standalone.bench.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the few relevant fields in the JSON of an event, in one pass over its bytes. A name is
 * a string before a colon, so a model's text is never taken for one. For one thread at a time.
 */
final class EventScan {
    private static final byte[][] TEXTS = {
        ascii("text"), ascii("content"), ascii("reasoning_content"), ascii("reasoning")
    };
    private static final byte[] USAGE = ascii("usage");
    private static final byte[] ERROR = ascii("error");
    private static final byte[] FINISH = ascii("finish_reason");

    private byte[] json = {};
    private int length;
    private boolean text;
    private boolean usage;
    private boolean error;
    private @Nullable String finishReason;

    /** Reads an event; the getters then describe this event. */
    void read(byte[] bytes, int size) {
        json = bytes;
        length = size;
        text = false;
        usage = false;
        error = false;
        finishReason = null;
        int at = 0;
        while (at < length) {
            if (json[at] != '"') {
                at++;
                continue;
            }
            int begin = at + 1;
            int end = endOfString(begin);
            at = end + 1;
            int colon = skipSpace(at);
            if (colon < length && json[colon] == ':') {
                at = skipSpace(colon + 1);
                field(begin, end, at);
            }
        }
    }

    /** True if the event has text that isn't empty. */
    boolean hasText() {
        return text;
    }

    /** True if the event has the server's counts. */
    boolean hasUsage() {
        return usage;
    }

    /** True if the event reports an error of the server. */
    boolean isError() {
        return error;
    }

    /** Why the answer has ended; null if it hasn't, or if the server doesn't say. */
    @Nullable String finishReason() {
        return finishReason;
    }

    private void field(int begin, int end, int value) {
        byte first = value < length ? json[value] : 0;
        if (first == '"') {
            text |= isText(begin, end) && value + 1 < length && json[value + 1] != '"';
            if (is(FINISH, begin, end)) {
                int from = value + 1;
                finishReason =
                        new String(json, from, endOfString(from) - from, StandardCharsets.UTF_8);
            }
        }
        usage |= first == '{' && is(USAGE, begin, end);
        error |= (first == '{' || first == '"') && is(ERROR, begin, end);
    }

    private boolean isText(int begin, int end) {
        for (byte[] name : TEXTS) {
            if (is(name, begin, end)) {
                return true;
            }
        }
        return false;
    }

    private boolean is(byte[] name, int begin, int end) {
        return Arrays.equals(json, begin, end, name, 0, name.length);
    }

    /** The index of the quote that ends a string, or of the end if the quote is missing. */
    private int endOfString(int from) {
        int at = from;
        while (at < length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return Math.min(at, length);
    }

    private int skipSpace(int from) {
        int at = from;
        while (at < length && json[at] <= ' ' && json[at] >= 0) {
            at++;
        }
        return at;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
