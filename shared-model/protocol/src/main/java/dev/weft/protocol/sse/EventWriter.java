package dev.weft.protocol.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes server-sent events as bytes. Names and data are one line each. Bytes written to the stream
 * itself between {@link #data()} and {@link #end()} are data. For one thread at a time.
 */
public final class EventWriter extends ByteArrayOutputStream {
    /** The data of the event that ends an answer of OpenAI's interface. */
    public static final String DONE = "[DONE]";

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = {'\n', '\n'};

    private final boolean spaced;

    /** A writer with a space after each colon, as clients of OpenAI's interface expect it. */
    public EventWriter(int size) {
        this(size, true);
    }

    /**
     * A writer.
     *
     * @param size expected number of bytes
     * @param spaced whether a space follows each colon
     */
    public EventWriter(int size, boolean spaced) {
        super(size);
        this.spaced = spaced;
    }

    /** A line that readers pass over. */
    public EventWriter comment(String text) {
        return line("", text);
    }

    /**
     * A comment behind the last event of an answer whose interface has no event of its own for its
     * end.
     */
    public EventWriter over() {
        comment("end").write('\n');
        return this;
    }

    /** The position in the stream at which a reader resumes; one line. */
    public EventWriter id(String id) {
        return line("id", id);
    }

    /** The event's name. */
    public EventWriter event(String name) {
        return line("event", name);
    }

    /** Begins the event's data. */
    public EventWriter data() {
        writeBytes(DATA);
        if (spaced) {
            write(' ');
        }
        return this;
    }

    /** The event's data in UTF-8, and the event's end. */
    public EventWriter data(byte[] utf8) {
        data().writeBytes(utf8);
        return end();
    }

    /** The event's data, and the event's end. */
    public EventWriter data(String text) {
        return data(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the line and the event. */
    public EventWriter end() {
        writeBytes(END);
        return this;
    }

    private EventWriter line(String field, String value) {
        String line = field + (spaced ? ": " : ":") + value + "\n";
        writeBytes(line.getBytes(StandardCharsets.UTF_8));
        return this;
    }
}
