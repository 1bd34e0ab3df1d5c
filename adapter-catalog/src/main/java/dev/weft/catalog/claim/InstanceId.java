package dev.weft.catalog.claim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The name of a catalog among those on one database. It is kept in the data folder, so that after a
 * crash the catalog resumes its claimed versions at once. If another process holds that folder, the
 * catalog has another name for as long as it runs. The operating system ends the lock with the
 * process.
 */
final class InstanceId implements AutoCloseable {
    private final FileChannel file;
    private final String id;

    private InstanceId(FileChannel file, String id) {
        this.file = file;
        this.id = id;
    }

    /** Opens the name of the catalog of that data folder. */
    static InstanceId of(Path data) {
        try {
            FileChannel file =
                    FileChannel.open(
                            Files.createDirectories(data).resolve("instance"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            return new InstanceId(file, locked(file) ? kept(file) : fresh());
        } catch (IOException e) {
            throw new UncheckedIOException("data folder " + data + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        return id;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the data folder's lock can't be given back: " + e, e);
        }
    }

    private static boolean locked(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // another catalog of this process holds it
        }
    }

    private static String kept(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        file.read(bytes, 0);
        String kept = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        if (kept.matches("[0-9a-f-]{36}")) {
            return kept;
        }
        String made = fresh();
        file.truncate(0).write(ByteBuffer.wrap(made.getBytes(StandardCharsets.US_ASCII)), 0);
        return made;
    }

    private static String fresh() {
        return UUID.randomUUID().toString();
    }
}
