package dev.weft.gateway.forward.attempt;

import dev.weft.protocol.sse.EventWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Passes an event stream on up to the end of its last whole event and keeps the rest back until it
 * is whole as well. A client can do nothing with half an event, and if the worker dies within one,
 * the error event can follow cleanly. Workers send whole events at a time, so next to nothing is
 * ever kept, and buffers pass uncopied: an {@code EventReader} would copy each, so this looks for
 * the last empty line only, from the back. An instance serves one stream, whose signals come one
 * after the other.
 */
final class WholeEvents {
    private static final byte[] NOTHING = {};

    /** The ends of answers: of OpenAI's chats and texts, of messages, and of responses. */
    private static final List<byte[]> ENDS =
            List.of(
                    new EventWriter(16).data(EventWriter.DONE).toByteArray(),
                    new EventWriter(64)
                            .event("message_stop")
                            .data("{\"type\":\"message_stop\"}")
                            .toByteArray(),
                    new EventWriter(16).over().toByteArray());

    /** A longer event is passed on as it comes, and not kept. */
    private static final int MOST_KEPT = 1 << 20;

    private final DataBufferFactory buffers;
    private byte[] kept = NOTHING;

    WholeEvents(DataBufferFactory buffers) {
        this.buffers = buffers;
    }

    /** Returns what can be passed on now; null if no event is whole yet. Takes the buffer over. */
    @Nullable DataBuffer next(DataBuffer buffer) {
        if (kept.length == 0 && endsAnEvent(buffer)) {
            return buffer;
        }
        byte[] all = Arrays.copyOf(kept, kept.length + buffer.readableByteCount());
        buffer.read(all, kept.length, buffer.readableByteCount());
        DataBufferUtils.release(buffer);
        int end = all.length > MOST_KEPT ? all.length : endOfLastEvent(all);
        kept = end == all.length ? NOTHING : Arrays.copyOfRange(all, end, all.length);
        return end == 0 ? null : buffers.wrap(Arrays.copyOf(all, end));
    }

    /** Returns what is left if the stream ended by itself; null if nothing is. */
    @Nullable DataBuffer rest() {
        return kept.length == 0 ? null : buffers.wrap(kept);
    }

    /**
     * True if the buffer ends with the event that ends an answer: its client needs nothing more.
     */
    static boolean isLast(DataBuffer events) {
        for (byte[] end : ENDS) {
            if (endsWith(events, end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWith(DataBuffer events, byte[] end) {
        int from = events.writePosition() - end.length;
        if (from < events.readPosition()) {
            return false;
        }
        // from the back, because other events differ there at once
        for (int i = end.length - 1; i >= 0; i--) {
            if (events.getByte(from + i) != end[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsAnEvent(DataBuffer buffer) {
        int length = Math.min(4, buffer.readableByteCount());
        byte[] tail = new byte[length];
        int from = buffer.readPosition() + buffer.readableByteCount() - length;
        for (int i = 0; i < length; i++) {
            tail[i] = buffer.getByte(from + i);
        }
        return endOfLastEvent(tail) == length;
    }

    /** Index after the last blank line; lines end with LF, CR LF or CR. 0 if there is none. */
    private static int endOfLastEvent(byte[] bytes) {
        for (int end = bytes.length; end >= 2; end--) {
            if (!endsLine(bytes[end - 1])) {
                continue;
            }
            boolean pair = bytes[end - 1] == '\n' && bytes[end - 2] == '\r';
            int before = pair ? end - 3 : end - 2;
            if (before >= 0 && endsLine(bytes[before])) {
                return end;
            }
        }
        return 0;
    }

    private static boolean endsLine(byte b) {
        return b == '\n' || b == '\r';
    }
}
