package dev.weft.inference.cpu.packed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A copy that is being written, beside requests. Any thread. */
public final class Keeping {
    private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);

    /** Longest wait for a write of a few MiB, which a disk may be slow with. */
    private static final long LONGEST_PIECE_SECONDS = 4;

    private final CopyFolder folder;
    private final long most;
    private final Recipe recipe;
    private final List<MemorySegment> rooms;
    private final CountDownLatch read = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;

    Keeping(CopyFolder folder, long most, Recipe recipe, List<MemorySegment> rooms) {
        this.folder = folder;
        this.most = most;
        this.recipe = recipe;
        this.rooms = List.copyOf(rooms);
    }

    void begin() {
        if (most == 0) {
            read.countDown();
            ended.countDown();
            return;
        }
        Thread.ofPlatform().name("weft-packed-copy").daemon().start(this::run);
    }

    private void run() {
        try {
            keep();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn(
                    "The packed weights are not kept, the next start packs them again: {} can't be"
                            + " written: {}",
                    folder.folder(),
                    e.toString());
        } finally {
            read.countDown();
            ended.countDown();
        }
    }

    private void keep() throws IOException {
        long needed = CopyHeader.fileBytes(recipe);
        Path whole = folder.whole(recipe);
        if (needed > most) {
            LOG.info(
                    "The packed weights are not kept: they take {} MiB, and copies may take {}",
                    needed >> 20,
                    most >> 20);
            return;
        }
        folder.tidy(whole, most - needed);
        long free = folder.free();
        if (free < PackedCopies.DISK_RESERVE * needed) {
            LOG.warn(
                    "The packed weights are not kept, the next start packs them again: they take {}"
                            + " MiB, and {} are free at {}; a copy is made if {} times its size is",
                    needed >> 20,
                    free >> 20,
                    folder.folder(),
                    PackedCopies.DISK_RESERVE);
            return;
        }
        Path part = folder.begin(recipe);
        try {
            write(part, whole);
        } finally {
            folder.end(part);
        }
    }

    /** Gives the file its name once all of it is on the disk, while it is locked. */
    private void write(Path part, Path whole) throws IOException {
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            boolean ended =
                    lock.isValid() && new CopyWriter(recipe).write(file, rooms, () -> !stopped);
            read.countDown();
            if (!ended) {
                return;
            }
            file.force(true);
            Files.move(
                    part,
                    whole,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            LOG.info("The packed weights are kept for the next start: {}", whole);
        }
    }

    /**
     * Waits for the end, whether the copy was made or not.
     *
     * @return false if it takes longer
     */
    public boolean await(long seconds) throws InterruptedException {
        return ended.await(seconds, TimeUnit.SECONDS);
    }

    /**
     * Gives the copy up if it is not written yet.
     *
     * @return whether the weights are read no more; false if the disk takes seconds for a few MiB
     */
    public boolean stop() {
        stopped = true;
        try {
            return read.await(LONGEST_PIECE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
