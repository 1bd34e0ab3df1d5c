package dev.weft.gateway.usage;

import dev.weft.protocol.file.WholeFile;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import dev.weft.service.DataFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with the batches that the catalog has not taken, one a line. It outlives a killed process.
 * It is not forced to the disk: a machine that loses its power may lose the last seconds. Without a
 * folder that can be written, or if another gateway has it, nothing is kept. For one thread.
 */
final class UsageJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageJournal.class);

    private final @Nullable Path file;
    private final @Nullable FileChannel lock;
    private boolean empty;
    private boolean failing;

    private UsageJournal(@Nullable Path file, @Nullable FileChannel lock) {
        this.file = file;
        this.lock = lock;
        this.empty = file == null || !Files.exists(file);
    }

    static UsageJournal open(DataFolder data) {
        try {
            Path folder = data.path();
            FileChannel lock =
                    FileChannel.open(
                            folder.resolve("usage.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (isMine(lock)) {
                return new UsageJournal(folder.resolve("usage.jsonl"), lock);
            }
            lock.close();
            LOG.warn("another gateway uses folder {}: this one keeps no journal of usage", folder);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn(
                    "no journal of usage is kept, for the data folder can't be written: {}",
                    e.toString());
        }
        return new UsageJournal(null, null);
    }

    private static boolean isMine(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // another gateway of this process holds it
        }
    }

    /** What an earlier gateway has left, in order. */
    List<UsageBatch> read() {
        List<UsageBatch> batches = new ArrayList<>();
        if (file == null || empty) {
            return batches;
        }
        try {
            // bytes that are no text spoil their own line
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                try {
                    batches.add(UsageCodec.decode(line.getBytes(StandardCharsets.UTF_8)));
                } catch (IllegalArgumentException e) {
                    LOG.error("a line of {} is left out: {}", file, e.getMessage());
                }
            }
        } catch (IOException e) {
            LOG.error("the journal of usage can't be read, and begins anew: {}", e.toString());
        }
        return batches;
    }

    /** Replaces what it holds. */
    void write(List<UsageBatch> batches) {
        if (file == null || (batches.isEmpty() && empty)) {
            return;
        }
        try {
            if (batches.isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                WholeFile.write(file, bytes(batches));
            }
            empty = batches.isEmpty();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.error("usage is kept in memory only: {}", e.toString());
            }
            failing = true;
        }
    }

    private static byte[] bytes(List<UsageBatch> batches) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (UsageBatch batch : batches) {
            bytes.writeBytes(UsageCodec.encode(batch));
            bytes.write('\n');
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.warn("the lock of the journal of usage can't be given back: {}", e.toString());
        }
    }
}
