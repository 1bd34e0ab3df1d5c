package dev.weft.source.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The content of a compressed file, as long as it stays in proportion to the file. Between entries
 * only a little may be read, since an archive could hide a name of gigabytes there.
 */
final class Inflated extends FilterInputStream {
    private static final long FREE = 64L << 20;
    private static final int RATIO = 100;
    private static final long METADATA = 1 << 20;

    private final long packed;
    private final long most;
    private long bytes;
    private long entryEnd = Long.MAX_VALUE;

    /** Thrown if more came out than a sound archive holds. */
    static final class TooMuchException extends IOException {
        TooMuchException(String message) {
            super(message);
        }
    }

    /**
     * @param packed size of the compressed file
     * @param most bytes that may come out, whatever the ratio
     */
    Inflated(InputStream in, long packed, long most) {
        super(in);
        this.packed = packed;
        this.most = Math.min(most, FREE + RATIO * packed);
    }

    /** Says that the head of an entry is read next. */
    void metadata() {
        entryEnd = bytes + METADATA;
    }

    /** Says that the data of an entry is read next. */
    void data() {
        entryEnd = Long.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        bytes += Math.max(0, count);
        if (bytes > most) {
            throw new TooMuchException(
                    packed
                            + " bytes unpack to more than "
                            + most
                            + " bytes, which is the most that is allowed: 64 MiB and "
                            + RATIO
                            + " times the packed bytes");
        }
        if (bytes > entryEnd) {
            throw new TooMuchException("the head of an entry has more than " + METADATA + " bytes");
        }
        return count;
    }

    /** Skipped bytes are counted too. */
    @Override
    public long skip(long n) throws IOException {
        byte[] buffer = new byte[(int) Math.min(n, 1 << 16)];
        return buffer.length == 0 ? 0 : Math.max(0, read(buffer, 0, buffer.length));
    }
}
