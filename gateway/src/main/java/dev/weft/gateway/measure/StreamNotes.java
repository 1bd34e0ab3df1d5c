package dev.weft.gateway.measure;

import dev.weft.model.usage.AnswerNotes;
import dev.weft.model.usage.TokenCount;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Takes a worker's notes ({@link AnswerNotes}) out of a stream, so that the client gets what it
 * would have got without them, and tells what they say. A note is a line, and no text of a model
 * can make one: in its JSON there are no line feeds. A worker's event is one buffer with one note
 * at its start, which is passed over without a copy. For one stream; its signals come one after the
 * other.
 */
public final class StreamNotes {
    /** Hears what notes say. */
    public interface Listener {
        /** Tokens so far. */
        void told(TokenCount count);

        /** The worker ends the stream with an error of that code. */
        void failed(String code);
    }

    private static final byte[] USAGE = prefix(AnswerNotes.USAGE);
    private static final byte[] ERROR = prefix(AnswerNotes.ERROR);

    private final Listener listener;
    private final DataBufferFactory buffers;
    private boolean atLineStart = true;

    public StreamNotes(Listener listener, DataBufferFactory buffers) {
        this.listener = listener;
        this.buffers = buffers;
    }

    /** The buffer without its notes; null where nothing is left. Takes the buffer over. */
    public @Nullable DataBuffer strip(DataBuffer events) {
        int end = events.writePosition();
        int line = events.readPosition();
        boolean first = atLineStart;
        if (line < end) {
            atLineStart = events.getByte(end - 1) == '\n';
        }
        while (first && take(events, line, end)) {
            line = lineAfter(events, line, end);
            events.readPosition(line);
        }
        DataBuffer rest = hasNote(events, line, end) ? withoutNotes(events, line, end) : events;
        if (rest.readableByteCount() == 0) {
            DataBufferUtils.release(rest);
            return null;
        }
        return rest;
    }

    /** True where a note begins on a line after that at {@code from}. */
    private static boolean hasNote(DataBuffer events, int from, int end) {
        for (int line = lineAfter(events, from, end);
                line < end;
                line = lineAfter(events, line, end)) {
            if (startsWith(events, line, end, USAGE) || startsWith(events, line, end, ERROR)) {
                return true;
            }
        }
        return false;
    }

    private DataBuffer withoutNotes(DataBuffer events, int from, int end) {
        DataBuffer out = buffers.allocateBuffer(end - from);
        boolean mayBeNote = false; // the first line was looked at, or goes on an earlier one
        for (int line = from; line < end; ) {
            int next = lineAfter(events, line, end);
            if (!mayBeNote || !take(events, line, end)) {
                byte[] bytes = new byte[next - line];
                events.readPosition(line);
                events.read(bytes);
                out.write(bytes);
            }
            mayBeNote = true;
            line = next;
        }
        DataBufferUtils.release(events);
        return out;
    }

    /** Tells what the note at {@code line} says; false where there is none. */
    private boolean take(DataBuffer events, int line, int end) {
        if (startsWith(events, line, end, USAGE)) {
            int at = line + USAGE.length;
            int space = digitsFrom(events, at, end);
            int stop = digitsFrom(events, space + 1, end);
            if (space == at || byteAt(events, space, end) != ' ' || stop == space + 1) {
                return false;
            }
            listener.told(
                    new TokenCount(
                            number(events, at, space),
                            number(events, space + 1, stop),
                            choices(events, stop, end)));
            return true;
        }
        if (startsWith(events, line, end, ERROR)) {
            int from = line + ERROR.length;
            int to = Math.max(from, lineAfter(events, line, end) - 1);
            listener.failed(events.toString(from, to - from, StandardCharsets.US_ASCII));
            return true;
        }
        return false;
    }

    /** What stands behind the tokens; 1 where nothing does. */
    private static int choices(DataBuffer events, int at, int end) {
        int stop = digitsFrom(events, at + 1, end);
        return byteAt(events, at, end) == ' ' && stop > at + 1
                ? Math.clamp(number(events, at + 1, stop), 1, Integer.MAX_VALUE)
                : 1;
    }

    private static int digitsFrom(DataBuffer events, int from, int end) {
        int at = from;
        while (byteAt(events, at, end) >= '0' && byteAt(events, at, end) <= '9') {
            at++;
        }
        return at;
    }

    private static long number(DataBuffer events, int from, int to) {
        long number = 0;
        for (int at = from; at < to; at++) {
            number = number * 10 + events.getByte(at) - '0';
        }
        return number;
    }

    private static int lineAfter(DataBuffer events, int from, int end) {
        int feed = from >= end ? -1 : events.forEachByte(from, end - from, b -> b != '\n');
        return feed < 0 ? end : feed + 1;
    }

    private static boolean startsWith(DataBuffer events, int from, int end, byte[] prefix) {
        if (end - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (events.getByte(from + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** 0 after the end. */
    private static byte byteAt(DataBuffer events, int at, int end) {
        return at < end ? events.getByte(at) : 0;
    }

    private static byte[] prefix(String name) {
        return (": " + name + " ").getBytes(StandardCharsets.US_ASCII);
    }
}
