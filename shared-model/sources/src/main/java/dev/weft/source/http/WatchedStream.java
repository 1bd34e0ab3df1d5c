package dev.weft.source.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reports arriving bytes to a watch, and gives the watch's reason if the watch ended the stream.
 */
final class WatchedStream extends FilterInputStream {
    private final AnswerWatch watch;
    private boolean ended;

    WatchedStream(InputStream body, AnswerWatch watch) {
        super(body);
        this.watch = watch;
    }

    /** True if the stream was read to its end. */
    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int count = super.read(buffer, offset, length);
            watch.check();
            if (count < 0) {
                ended = true;
            } else {
                watch.arrived(count);
            }
            return count;
        } catch (IOException e) {
            watch.check();
            throw e;
        }
    }
}
