package dev.weft.model.feed;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

    private final Consumer<ServerSentEvent> listener;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
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
     * Takes all bytes that remain in the buffer and hands complete events to the listener.
     *
     * @throws IllegalArgumentException where a line or an event is longer than what is accepted
     */
    void accept(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            boolean second = afterCarriageReturn && b == '\n';
            afterCarriageReturn = b == '\r';
            if (second) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                endLine();
            } else {
                line.write(b);
                if (line.size() > LONGEST) {
                    throw new IllegalArgumentException("line of over " + LONGEST + " bytes");
                }
            }
        }
    }

    /** Milliseconds the stream asks to wait before another connection; 0 where it does not say. */
    long retryMillis() {
        return retryMillis;
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (first && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        first = false;
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            return; // a comment, the heartbeat
        }
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        field(field, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void field(String field, String value) {
        switch (field) {
            case "event" -> event = value;
            case "data" -> {
                if (hasData) {
                    data.append('\n');
                }
                data.append(value);
                hasData = true;
                if (data.length() > LONGEST) {
                    throw new IllegalArgumentException("event of over " + LONGEST + " characters");
                }
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
                // the standard says to pass over fields that are not its own
            }
        }
    }

    private void dispatch() {
        if (hasData) {
            listener.accept(
                    new ServerSentEvent(
                            lastId, event.isEmpty() ? "message" : event, data.toString()));
        }
        data.setLength(0);
        hasData = false;
        event = "";
    }
}
