package dev.weft.standalone.chat;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** An answer that is closed if it is silent for too long. A read fails then. For one reader. */
final class ChatStream extends FilterInputStream {
    private final Duration silence;
    private final AtomicLong heard = new AtomicLong(System.nanoTime());
    private final Thread watch;
    private volatile boolean over;

    /**
     * @param silence longest time without a byte
     */
    ChatStream(InputStream body, Duration silence) {
        super(body);
        this.silence = silence;
        this.watch = Thread.ofVirtual().name("weft-chat-silence").start(this::watch);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        try {
            int read = in.read(bytes, from, count);
            heard.set(System.nanoTime());
            return read;
        } catch (IOException e) {
            if (over) {
                throw new SilentException("nothing for " + silence.toSeconds() + " s");
            }
            throw e;
        }
    }

    /** Thrown for an answer that was silent for too long. */
    static final class SilentException extends IOException {
        private SilentException(String message) {
            super(message);
        }
    }

    private void watch() {
        try {
            for (long left = silence.toNanos(); left > 0; left = left()) {
                Thread.sleep(Duration.ofNanos(left));
            }
            over = true;
            in.close();
        } catch (InterruptedException | IOException _) {
            Thread.currentThread().interrupt(); // the reader is done, or sees the failure itself
        }
    }

    private long left() {
        return heard.get() + silence.toNanos() - System.nanoTime();
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        super.close();
    }
}
