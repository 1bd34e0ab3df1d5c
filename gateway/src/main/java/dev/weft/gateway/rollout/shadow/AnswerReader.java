package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.rollout.shadow.text.Said;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a candidate's answer: keeps its beginning, and takes the worker's notes ({@link
 * AnswerNotes}) out. For one thread, which may be interrupted.
 */
final class AnswerReader {
    /** Bytes of an answer that are read; a worker that says more is broken off. */
    static final int MOST_READ = 8 * 1024 * 1024;

    private static final String USAGE = ": " + AnswerNotes.USAGE + " ";
    private static final String ERROR = ": " + AnswerNotes.ERROR + " ";

    /** Bytes of the longest line that can be a note. */
    private static final int LONGEST_NOTE = 256;

    private final Spending spending;
    private final long start;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean whole = true;
    private @Nullable String error;
    private long firstNanos = -1;
    private int read;

    /**
     * A reader.
     *
     * @param start of the exchange, in {@link System#nanoTime}
     */
    AnswerReader(Spending spending, long start) {
        this.spending = spending;
        this.start = start;
    }

    /** Reads an answer in one piece. */
    void whole(InputStream body) throws IOException {
        byte[] piece = new byte[8 * 1024];
        for (int count = body.read(piece); count >= 0; count = body.read(piece)) {
            counted(count);
            keep(piece, count);
        }
    }

    /** Reads a stream of events. */
    void events(InputStream body) throws IOException {
        InputStream bytes = new BufferedInputStream(body);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = bytes.read(); next >= 0; next = bytes.read()) {
            counted(1);
            line.write(next);
            if (next == '\n' || line.size() >= Sampled.MOST_BYTES) {
                line(line.toByteArray());
                line.reset();
            }
        }
        line(line.toByteArray());
    }

    private void line(byte[] line) throws IOException {
        if (line.length > 0 && line[0] == ':') {
            note(line);
            return;
        }
        if (firstNanos < 0 && line.length > 1) {
            firstNanos = System.nanoTime() - start;
        }
        keep(line, line.length);
    }

    private void note(byte[] line) throws IOException {
        if (line.length > LONGEST_NOTE) {
            return;
        }
        String text = new String(line, StandardCharsets.US_ASCII).strip();
        if (text.startsWith(ERROR)) {
            error = text.substring(ERROR.length());
        } else if (text.startsWith(USAGE)) {
            // the fourth number, of cached tokens, says nothing of what was used
            String[] numbers = text.substring(USAGE.length()).split(" ", 4);
            String three =
                    numbers.length == 4
                            ? String.join(" ", numbers[0], numbers[1], numbers[2])
                            : String.join(" ", numbers);
            TokenCount count = TokenCount.parse(three).orElse(null);
            if (count != null && !spending.told(count)) {
                throw new CopyClient.TooMuchException("no tokens are left");
            }
        }
    }

    /** Takes the count of an answer that is whole. */
    void told(TokenCount count) {
        boolean _ = spending.told(count);
    }

    private void counted(int bytes) throws IOException {
        read += bytes;
        if (read > MOST_READ) {
            throw new CopyClient.TooMuchException("more than " + MOST_READ + " bytes");
        }
    }

    private void keep(byte[] bytes, int count) {
        if (!whole || kept.size() + count > Sampled.MOST_BYTES) {
            whole = false;
        } else {
            kept.write(bytes, 0, count);
        }
    }

    /** The code of the error that ended a stream; null if none did. */
    @Nullable String error() {
        return error;
    }

    /** The time to the first line of an event; negative if none came. */
    long firstNanos() {
        return firstNanos;
    }

    Said said(boolean stream) {
        return new Said(kept.toByteArray(), stream, whole);
    }
}
