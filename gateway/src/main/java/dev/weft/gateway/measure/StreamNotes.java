package dev.weft.gateway.measure;

import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * Takes a worker's notes ({@link AnswerNotes}) out of a stream and reports their values, so that
 * the client gets the same bytes as without them. A note is a line, and no text of a model can make
 * one, because its JSON has no line feeds. A worker's event is one buffer with one note at its
 * start, which is skipped without a copy. An instance serves one stream, whose signals come one
 * after the other. It sees every token of every stream. It therefore reads bytes in Netty's buffer
 * itself, finds line feeds eight bytes at a time, and takes no {@code EventReader}, which copies.
 */
public final class StreamNotes {
    /** Receives the values of notes. */
    public interface Listener {
        /** Tokens so far. */
        void told(TokenCount count);

        /** The worker ends the stream with an error of that code. */
        void failed(String code);
    }

    private static final Prefix USAGE = Prefix.of(AnswerNotes.USAGE);
    private static final Prefix ERROR = Prefix.of(AnswerNotes.ERROR);
    private static final int NO_NOTE = -1;

    /** A longer number is not a count of tokens. */
    private static final int MOST_DIGITS = 15;

    private final Listener listener;
    private final DataBufferFactory buffers;
    private boolean atLineStart = true;

    /** The beginning of a kind of note: its first eight bytes and its last eight, which overlap. */
    private record Prefix(long first, long last, int length) {
        static Prefix of(String name) {
            byte[] bytes = (": " + name + " ").getBytes(StandardCharsets.US_ASCII);
            ByteBuffer both = ByteBuffer.wrap(bytes);
            return new Prefix(
                    both.getLong(0), both.getLong(bytes.length - Long.BYTES), bytes.length);
        }

        boolean isAt(ByteBuf bytes, int line, int end) {
            return end - line >= length
                    && bytes.getLong(line) == first
                    && bytes.getLong(line + length - Long.BYTES) == last;
        }
    }

    public StreamNotes(Listener listener, DataBufferFactory buffers) {
        this.listener = listener;
        this.buffers = buffers;
    }

    /** Returns the buffer without its notes; null if nothing is left. Takes the buffer over. */
    public @Nullable DataBuffer strip(DataBuffer events) {
        ByteBuf bytes = NettyDataBufferFactory.toByteBuf(events);
        int begin = bytes.readerIndex();
        int end = bytes.writerIndex();
        boolean first = atLineStart;
        if (begin < end) {
            atLineStart = bytes.getByte(end - 1) == '\n';
        }
        int line = begin;
        for (int next = first ? take(bytes, line, end) : NO_NOTE;
                next != NO_NOTE;
                next = take(bytes, line, end)) {
            line = next;
        }
        DataBuffer rest =
                hasNote(bytes, line, end)
                        ? withoutNotes(events, bytes, line)
                        : events.readPosition(events.readPosition() + line - begin);
        if (rest.readableByteCount() == 0) {
            DataBufferUtils.release(rest);
            return null;
        }
        return rest;
    }

    /** True if a line after that at {@code from} begins like a note. */
    private static boolean hasNote(ByteBuf bytes, int from, int end) {
        for (int line = lineAfter(bytes, from, end);
                line < end;
                line = lineAfter(bytes, line, end)) {
            if (USAGE.isAt(bytes, line, end) || ERROR.isAt(bytes, line, end)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Copies a buffer without its notes. The line at {@code from} is no note: it was looked at, or
     * continues an earlier line.
     */
    private DataBuffer withoutNotes(DataBuffer events, ByteBuf bytes, int from) {
        int end = bytes.writerIndex();
        DataBuffer out = buffers.allocateBuffer(end - from);
        int begin = from;
        int line = lineAfter(bytes, from, end);
        while (line < end) {
            int next = take(bytes, line, end);
            if (next == NO_NOTE) {
                line = lineAfter(bytes, line, end);
            } else {
                out.write(bytes.nioBuffer(begin, line - begin));
                begin = next;
                line = next;
            }
        }
        out.write(bytes.nioBuffer(begin, end - begin));
        DataBufferUtils.release(events);
        return out;
    }

    /**
     * Reports what the note at {@code line} says; returns the position at which the next line
     * begins, or NO_NOTE.
     */
    private int take(ByteBuf bytes, int line, int end) {
        if (USAGE.isAt(bytes, line, end)) {
            return usage(bytes, line + USAGE.length, end);
        }
        if (ERROR.isAt(bytes, line, end)) {
            int from = line + ERROR.length;
            int next = lineAfter(bytes, from, end);
            int length = Math.max(0, next - 1 - from);
            listener.failed(bytes.toString(from, length, StandardCharsets.US_ASCII));
            return next;
        }
        return NO_NOTE;
    }

    private int usage(ByteBuf bytes, int from, int end) {
        int input = digitsFrom(bytes, from, end);
        int output = digitsFrom(bytes, input + 1, end);
        if (input == from || byteAt(bytes, input, end) != ' ' || output == input + 1) {
            return NO_NOTE;
        }
        if (input - from > MOST_DIGITS || output - (input + 1) > MOST_DIGITS) {
            return NO_NOTE;
        }
        int stop = output;
        int choices = 1;
        long cached = 0;
        if (byteAt(bytes, output, end) == ' ') {
            stop = digitsFrom(bytes, output + 1, end);
            int last = Math.min(stop, output + 1 + MOST_DIGITS);
            choices = Math.clamp(number(bytes, output + 1, last), 1, Integer.MAX_VALUE);
            if (byteAt(bytes, stop, end) == ' ') {
                int fourth = stop + 1;
                stop = digitsFrom(bytes, fourth, end);
                cached = number(bytes, fourth, Math.min(stop, fourth + MOST_DIGITS));
            }
        }
        listener.told(
                new TokenCount(
                        number(bytes, from, input),
                        number(bytes, input + 1, output),
                        choices,
                        cached));
        return byteAt(bytes, stop, end) == '\n' ? stop + 1 : lineAfter(bytes, stop, end);
    }

    private static int digitsFrom(ByteBuf bytes, int from, int end) {
        int at = from;
        while (byteAt(bytes, at, end) >= '0' && byteAt(bytes, at, end) <= '9') {
            at++;
        }
        return at;
    }

    private static long number(ByteBuf bytes, int from, int to) {
        long number = 0;
        for (int at = from; at < to; at++) {
            number = number * 10 + bytes.getByte(at) - '0';
        }
        return number;
    }

    private static int lineAfter(ByteBuf bytes, int from, int end) {
        int feed = from >= end ? -1 : bytes.indexOf(from, end, (byte) '\n');
        return feed < 0 ? end : feed + 1;
    }

    /** The byte at a position; 0 after the end. */
    private static byte byteAt(ByteBuf bytes, int at, int end) {
        return at < end ? bytes.getByte(at) : 0;
    }
}
