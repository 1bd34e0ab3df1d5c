package dev.weft.format.npy;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Opens and writes .npy files. Before an array is returned, the whole header is checked, and the
 * data must have exactly the size of the shape. No pickled object is ever read.
 */
public final class NpyFile {
    private static final long CHUNK = 1 << 20;

    /** Headers here have three keys; NumPy's own limit is 10,000. */
    private static final long MAX_HEADER_BYTES = 10_000;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private NpyFile() {}

    /**
     * Maps a file.
     *
     * @throws NpyException if the content breaks the format or has a type that is not read
     * @throws IOException if the file can't be read
     */
    public static NpyArray open(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            String name = String.valueOf(file.getFileName());
            long size = channel.size();
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            long data = dataOffset(name, all);
            int prefix = prefixBytes(all);
            byte[] text = all.asSlice(prefix, data - prefix).toArray(ValueLayout.JAVA_BYTE);
            NpyHeader header = NpyHeader.parse(name, new String(text, StandardCharsets.ISO_8859_1));
            return array(name, header, all.asSlice(data));
        }
    }

    /** Writes a file, and replaces an existing one. */
    public static void write(Path file, NpyArray array) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(new NpyHeader(array.type(), array.shape()).bytes());
            MemorySegment data = array.data();
            for (long at = 0; at < data.byteSize(); at += CHUNK) {
                long bytes = Math.min(CHUNK, data.byteSize() - at);
                out.write(data.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    /** Magic, version and length: version 1 has a length of two bytes, later ones of four. */
    private static int prefixBytes(MemorySegment all) {
        return all.get(ValueLayout.JAVA_BYTE, 6) == 1 ? 10 : 12;
    }

    private static long dataOffset(String file, MemorySegment all) throws NpyException {
        long size = all.byteSize();
        byte[] start = all.asSlice(0, Math.min(size, 6)).toArray(ValueLayout.JAVA_BYTE);
        if (size < 12 || !NpyHeader.hasMagic(start)) {
            throw new NpyException(
                    file + ": is not an .npy file (its first bytes are not its magic)");
        }
        byte major = all.get(ValueLayout.JAVA_BYTE, 6);
        if (major < 1 || major > 3) {
            throw new NpyException(file + ": is of version " + major + "; allowed are 1, 2 and 3");
        }
        long length =
                major == 1
                        ? Short.toUnsignedLong(all.get(SHORT, 8))
                        : Integer.toUnsignedLong(all.get(INT, 8));
        long data = prefixBytes(all) + length;
        if (length > MAX_HEADER_BYTES || data > size) {
            throw new NpyException(
                    file
                            + ": header length "
                            + length
                            + " does not fit a file of "
                            + size
                            + " bytes");
        }
        return data;
    }

    private static NpyArray array(String file, NpyHeader header, MemorySegment data)
            throws NpyException {
        long bytes = header.type().bytes();
        try {
            for (long d : header.shape()) {
                bytes = Math.multiplyExact(bytes, d);
            }
        } catch (ArithmeticException e) {
            throw new NpyException(file + ": shape " + header.shape() + " is larger than any file");
        }
        if (bytes != data.byteSize()) {
            throw new NpyException(
                    file
                            + ": shape "
                            + header.shape()
                            + " of '"
                            + header.type().descr()
                            + "' takes "
                            + bytes
                            + " bytes, the file holds "
                            + data.byteSize());
        }
        return new NpyArray(header.type(), header.shape(), data);
    }
}
