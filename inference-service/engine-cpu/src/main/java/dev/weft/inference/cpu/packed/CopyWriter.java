package dev.weft.inference.cpu.packed;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * Writes packed weights into a new file. The layers come first and the head last, and the file gets
 * its name from the caller once all is on the disk; so no whole copy lacks anything, wherever the
 * process or the machine ends.
 */
final class CopyWriter {
    /** Bytes that are written at once; a checksum's chunk is a multiple of it. */
    private static final int PIECE = 4 << 20;

    private final Recipe recipe;
    private final List<Integer> sums = new ArrayList<>();
    private final CRC32C sum = new CRC32C();
    private int summed;

    CopyWriter(Recipe recipe) {
        this.recipe = recipe;
    }

    /**
     * Writes everything but what makes it last.
     *
     * @param file locked by the caller
     * @param goOn asked between two pieces
     * @return whether it was written to its end
     */
    boolean write(FileChannel file, List<MemorySegment> rooms, BooleanSupplier goOn)
            throws IOException {
        long at = CopyHeader.dataAt(recipe);
        for (int i = 0; i < rooms.size(); i++) {
            MemorySegment room = rooms.get(i);
            long padded = Recipe.aligned(recipe.sizes().get(i));
            for (long from = 0; from < padded; ) {
                if (!goOn.getAsBoolean()) {
                    return false;
                }
                int bytes = (int) Math.min(padded - from, PIECE - summed % PIECE);
                ByteBuffer piece = piece(room, from, bytes);
                add(piece.duplicate());
                writeAll(file, piece, at + from);
                from += bytes;
            }
            at += padded;
        }
        if (summed > 0) {
            endChunk();
        }
        writeAll(file, new CopyHeader(recipe, sums).encode(), 0);
        return true;
    }

    /** Part of a layer, with zeros behind its end. */
    private static ByteBuffer piece(MemorySegment room, long from, int bytes) {
        long there = Math.clamp(room.byteSize() - from, 0, bytes);
        if (there == bytes) {
            return room.asSlice(from, bytes).asByteBuffer();
        }
        ByteBuffer padded = ByteBuffer.allocate(bytes);
        padded.put(room.asSlice(room.byteSize() - there, there).asByteBuffer());
        return padded.clear();
    }

    private void add(ByteBuffer piece) {
        summed += piece.remaining();
        sum.update(piece);
        if (summed == CopyHeader.CHUNK) {
            endChunk();
        }
    }

    private void endChunk() {
        sums.add((int) sum.getValue());
        sum.reset();
        summed = 0;
    }

    private static void writeAll(FileChannel file, ByteBuffer from, long at) throws IOException {
        long to = at;
        while (from.hasRemaining()) {
            to += file.write(from, to);
        }
    }
}
