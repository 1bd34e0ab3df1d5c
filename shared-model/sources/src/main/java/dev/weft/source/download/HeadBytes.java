package dev.weft.source.download;

import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The head of a safetensors file: eight bytes with the length of its header, and the header. */
public final class HeadBytes {
    private static final int LENGTH = Long.BYTES;

    private HeadBytes() {}

    /** The next bytes of a file. */
    public interface Bytes {
        byte[] next(int count) throws IOException;
    }

    /**
     * Reads a head from the beginning of a file.
     *
     * @param file its name, for messages
     * @throws IOException if the file ends before
     * @throws SourceException if the header is too long
     */
    public static byte[] read(Bytes bytes, String file) throws IOException, SourceException {
        byte[] length = exactly(bytes, LENGTH);
        long header = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long most = FileSelection.HEADS.maxFileBytes() - LENGTH;
        if (header < 2 || header > most) {
            throw new SourceException(
                    SourceFault.NOT_ALLOWED,
                    "%s: a header of %d bytes; allowed are 2 to %d".formatted(file, header, most));
        }
        byte[] head = Arrays.copyOf(length, LENGTH + (int) header);
        System.arraycopy(exactly(bytes, (int) header), 0, head, LENGTH, (int) header);
        return head;
    }

    private static byte[] exactly(Bytes bytes, int count) throws IOException {
        byte[] read = bytes.next(count);
        if (read.length < count) {
            throw new IOException("ended after " + read.length + " of " + count + " bytes");
        }
        return read;
    }
}
