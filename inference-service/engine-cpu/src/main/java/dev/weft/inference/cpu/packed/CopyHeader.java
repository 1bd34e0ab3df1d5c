package dev.weft.inference.cpu.packed;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The head of a copy, little-endian. It begins with 8 bytes {@code WEFTPACK}, an int for the
 * format, an int for the head's bytes, and an int for the CRC-32C of what follows. Then come the
 * recipe's text (an int for its bytes, UTF-8), the layers (an int for their number, a long for each
 * one's bytes), and the CRC-32C of each {@link #CHUNK} of the data (an int for their number, an int
 * each). The layers follow at the next multiple of 2 MiB, each at a multiple of 64, so that they
 * can lie in large pages.
 *
 * @param sums CRC-32C of the chunks
 */
record CopyHeader(Recipe recipe, List<Integer> sums) {
    /** The number of this format; any change of the format needs another one. */
    private static final int FORMAT = 1;

    private static final long MAGIC = ByteBuffer.wrap(bytes("WEFTPACK")).getLong();

    /** Bytes before the recipe. */
    private static final int FIXED = 20;

    /** A head is shorter: the largest models have some hundreds of layers. */
    private static final int LONGEST = 16 << 20;

    private static final long LARGE_PAGE = 2L << 20;

    /** Bytes that one checksum stands for. */
    static final int CHUNK = 16 << 20;

    CopyHeader {
        sums = List.copyOf(sums);
    }

    /** Bytes of the copy's head. */
    static int bytes(Recipe recipe) {
        return FIXED
                + Integer.BYTES
                + bytes(recipe.text()).length
                + Integer.BYTES
                + Long.BYTES * recipe.sizes().size()
                + Integer.BYTES
                + Integer.BYTES * chunks(recipe);
    }

    static int chunks(Recipe recipe) {
        return Math.toIntExact(Math.ceilDiv(recipe.bytes(), (long) CHUNK));
    }

    /** Where the layers begin. */
    static long dataAt(Recipe recipe) {
        return Math.ceilDiv((long) bytes(recipe), LARGE_PAGE) * LARGE_PAGE;
    }

    /** Bytes of the whole file. */
    static long fileBytes(Recipe recipe) {
        return dataAt(recipe) + recipe.bytes();
    }

    ByteBuffer encode() {
        ByteBuffer to = ByteBuffer.allocate(bytes(recipe)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = bytes(recipe.text());
        to.position(FIXED).putInt(text.length).put(text);
        to.putInt(recipe.sizes().size());
        recipe.sizes().forEach(to::putLong);
        to.putInt(sums.size());
        sums.forEach(to::putInt);
        to.putLong(0, MAGIC).putInt(8, FORMAT).putInt(12, to.capacity());
        to.putInt(16, sum(to));
        return to.flip();
    }

    /**
     * Reads the head of a copy.
     *
     * @throws DamagedCopyException if the file is not a copy, or not complete
     * @throws IOException if the file can't be read
     */
    static CopyHeader read(FileChannel file) throws IOException, DamagedCopyException {
        ByteBuffer fixed = read(file, 0, FIXED);
        if (fixed.getLong(0) != MAGIC) {
            throw new DamagedCopyException("it is not a copy of packed weights");
        }
        if (fixed.getInt(8) != FORMAT) {
            throw new DamagedCopyException("its format is " + fixed.getInt(8) + ", not " + FORMAT);
        }
        int length = fixed.getInt(12);
        if (length < FIXED || length > LONGEST) {
            throw new DamagedCopyException("its head has " + length + " bytes");
        }
        ByteBuffer head = read(file, 0, length);
        if (sum(head) != fixed.getInt(16)) {
            throw new DamagedCopyException("its head has another checksum");
        }
        try {
            return decode(head.position(FIXED));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new DamagedCopyException("its head is not whole");
        }
    }

    private static CopyHeader decode(ByteBuffer from) {
        byte[] text = new byte[count(from, Byte.BYTES)];
        from.get(text);
        List<Long> sizes = new ArrayList<>();
        for (int left = count(from, Long.BYTES); left > 0; left--) {
            sizes.add(from.getLong());
        }
        List<Integer> sums = new ArrayList<>();
        for (int left = count(from, Integer.BYTES); left > 0; left--) {
            sums.add(from.getInt());
        }
        return new CopyHeader(new Recipe(new String(text, StandardCharsets.UTF_8), sizes), sums);
    }

    /** Reads a number of things, which follow it with {@code size} bytes each. */
    private static int count(ByteBuffer from, int size) {
        int count = from.getInt();
        if (count < 0 || count > from.remaining() / size) {
            throw new BufferUnderflowException();
        }
        return count;
    }

    private static ByteBuffer read(FileChannel file, long at, int length)
            throws IOException, DamagedCopyException {
        ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (to.hasRemaining()) {
            if (file.read(to, at + to.position()) < 0) {
                throw new DamagedCopyException("it ends after " + file.size() + " bytes");
            }
        }
        return to.flip();
    }

    /** The checksum of what follows the fixed part. */
    private static int sum(ByteBuffer head) {
        CRC32C sum = new CRC32C();
        sum.update(head.duplicate().position(FIXED).limit(head.capacity()));
        return (int) sum.getValue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
