package dev.weft.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes a stream on which nothing arrives for too long: a read of the JDK's HTTP client has no
 * timeout of its own.
 */
final class StallWatch implements AutoCloseable {
    private final InputStream stream;
    private final long stallNanos;
    private final long end;
    private final Thread thread;
    private volatile long lastSign = System.nanoTime();
    private volatile boolean stalled;
    private volatile boolean closed;

    private StallWatch(InputStream stream, Duration stall, long nanosLeft) {
        this.stream = stream;
        this.stallNanos = stall.toNanos();
        this.end = System.nanoTime() + nanosLeft;
        this.thread = Thread.ofVirtual().name("weft-stall-watch").unstarted(this::watch);
    }

    /**
     * Starts watching.
     *
     * @param nanosLeft until the reader's deadline, which ends the stream too
     */
    static StallWatch on(InputStream stream, Duration stall, long nanosLeft) {
        StallWatch watch = new StallWatch(stream, stall, nanosLeft);
        watch.thread.start();
        return watch;
    }

    /**
     * Reads as the stream does.
     *
     * @throws HttpTimeoutException where nothing arrived for too long
     */
    int read(byte[] buffer) throws IOException {
        try {
            int count = stream.read(buffer);
            check();
            lastSign = System.nanoTime();
            return count;
        } catch (IOException e) {
            check();
            throw e;
        }
    }

    /** Throws where the stream was ended for its silence. */
    void check() throws HttpTimeoutException {
        if (stalled) {
            throw new HttpTimeoutException("nothing arrived for too long");
        }
    }

    private void watch() {
        while (!closed) {
            long now = System.nanoTime();
            long left = Math.min(lastSign + stallNanos - now, end - now);
            if (left <= 0) {
                stalled = true;
                closeStream();
                return;
            }
            LockSupport.parkNanos(this, left);
        }
    }

    private void closeStream() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
