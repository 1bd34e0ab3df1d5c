package dev.weft.inference.cpu.packed;

import dev.weft.inference.cpu.kernel.team.Team;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Compares a copy with its checksums. The file is read, not mapped: a disk that fails is an {@link
 * IOException} then; with a mapping it would end the process.
 */
final class CopyCheck {
    private static final int PIECE = 1 << 20;

    private final FileChannel file;
    private final CopyHeader header;
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    CopyCheck(FileChannel file, CopyHeader header) {
        this.file = file;
        this.header = header;
    }

    /** Returns if all chunks have their checksums; the members of a team share them. */
    void run(Team team) throws IOException, DamagedCopyException {
        int chunks = CopyHeader.chunks(header.recipe());
        if (header.sums().size() != chunks) {
            throw new DamagedCopyException(
                    "it has %d checksums for %d parts".formatted(header.sums().size(), chunks));
        }
        team.run(member -> {
            ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
            for (int i = member.index(); i < chunks; i += member.size()) {
                check(i, piece);
            }
        });
        IOException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        if (wrong.get() > 0) {
            throw new DamagedCopyException(
                    "%d of %d parts have another checksum".formatted(wrong.get(), chunks));
        }
    }

    private void check(int chunk, ByteBuffer piece) {
        try {
            if (failure.get() == null && sum(chunk, piece) != header.sums().get(chunk)) {
                wrong.incrementAndGet();
            }
        } catch (IOException e) {
            failure.compareAndSet(null, e);
        }
    }

    private int sum(int chunk, ByteBuffer piece) throws IOException {
        long end = CopyHeader.fileBytes(header.recipe());
        long at = CopyHeader.dataAt(header.recipe()) + (long) chunk * CopyHeader.CHUNK;
        long to = Math.min(end, at + CopyHeader.CHUNK);
        CRC32C sum = new CRC32C();
        while (at < to) {
            piece.clear().limit((int) Math.min(PIECE, to - at));
            int read = file.read(piece, at);
            if (read < 0) {
                throw new IOException("the file became shorter while it was read");
            }
            sum.update(piece.flip());
            at += read;
        }
        return (int) sum.getValue();
    }
}
