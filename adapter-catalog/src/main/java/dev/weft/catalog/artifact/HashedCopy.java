package dev.weft.catalog.artifact;

import dev.weft.protocol.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Copies files and computes their SHA-256. When a call returns, the copy is on the disk and not
 * only in its cache.
 */
final class HashedCopy {
    private static final int CHUNK = 1 << 20;

    private HashedCopy() {}

    static ArtifactFile copy(Path from, Path to) throws IOException {
        MessageDigest digest = Sha256.digest();
        long size = 0;
        try (InputStream in = Files.newInputStream(from);
                FileChannel out = create(to)) {
            byte[] buffer = new byte[CHUNK];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                writeAll(out, ByteBuffer.wrap(buffer, 0, n));
                size += n;
            }
            out.force(true);
        }
        return new ArtifactFile(
                to.getFileName().toString(), size, HexFormat.of().formatHex(digest.digest()));
    }

    static void write(Path to, byte[] bytes) throws IOException {
        try (FileChannel out = create(to)) {
            writeAll(out, ByteBuffer.wrap(bytes));
            out.force(true);
        }
    }

    private static FileChannel create(Path to) throws IOException {
        return FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
