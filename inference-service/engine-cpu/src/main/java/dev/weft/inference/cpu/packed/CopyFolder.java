package dev.weft.inference.cpu.packed;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of copies. A whole copy is named by the digest of its recipe. A copy that is being
 * written has another name and is locked, so it can be told from one that a process left half
 * written when it ended. Files with other names are left alone.
 */
record CopyFolder(Path folder) {
    private static final Logger LOG = LoggerFactory.getLogger(CopyFolder.class);

    private static final Pattern WHOLE = Pattern.compile("[0-9a-f]{64}\\.packed");
    private static final Pattern BEGUN = Pattern.compile("[0-9a-f]{64}-.*\\.part");

    /**
     * Files that this process writes. Their locks are not tried, since closing a file gives up all
     * locks that the process has on it.
     */
    private static final Set<Path> WRITTEN = ConcurrentHashMap.newKeySet();

    Path whole(Recipe recipe) {
        return folder.resolve(recipe.digest() + ".packed");
    }

    /** A new file for a copy that is about to be written; {@link #end} follows. */
    Path begin(Recipe recipe) throws IOException {
        Files.createDirectories(folder);
        Path begun = Files.createTempFile(folder, recipe.digest() + "-", ".part");
        WRITTEN.add(known(begun));
        return begun;
    }

    /** Ends the writing of a file: it has its final name by now, or is deleted. */
    void end(Path begun) throws IOException {
        WRITTEN.remove(known(begun));
        Files.deleteIfExists(begun);
    }

    private static Path known(Path file) {
        return file.toAbsolutePath().normalize();
    }

    /** Bytes that may still be written on its disk. */
    long free() throws IOException {
        Files.createDirectories(folder);
        return Files.getFileStore(folder).getUsableSpace();
    }

    /**
     * Deletes files that were begun and never ended, and the oldest copies until the others take no
     * more than {@code bytes}.
     *
     * @param spared a copy that stays, whatever its age; it counts
     * @param bytes that copies may take
     */
    void tidy(@Nullable Path spared, long bytes) throws IOException {
        for (Path begun : named(BEGUN)) {
            if (isAbandoned(begun)) {
                delete(begun, "whoever wrote it has ended");
            }
        }
        long left = bytes - (spared == null || !Files.exists(spared) ? 0 : size(spared));
        List<Path> newestFirst =
                named(WHOLE).stream()
                        .filter(file -> !file.equals(spared))
                        .sorted(Comparator.comparingLong(CopyFolder::changed).reversed())
                        .toList();
        for (Path file : newestFirst) {
            left -= size(file);
            if (left < 0) {
                delete(file, "copies take more than they may");
            }
        }
    }

    private List<Path> named(Pattern pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> pattern.matcher(file.getFileName().toString()).matches())
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    private static boolean isAbandoned(Path file) {
        // an empty one may be about to be locked, and takes no room
        if (WRITTEN.contains(known(file)) || size(file) == 0) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("{} is being written: {}", file, e.toString());
            return false;
        }
    }

    /** Deletes a copy; another process that maps it keeps its bytes. */
    static void delete(Path file, String why) {
        try {
            if (Files.deleteIfExists(file)) {
                LOG.info("{} is deleted: {}", file, why);
            }
        } catch (IOException e) {
            LOG.warn("{} can't be deleted: {}", file, e.toString());
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            LOG.debug("{} is gone: {}", file, e.toString());
            return 0;
        }
    }

    private static long changed(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            LOG.debug("{} is gone: {}", file, e.toString());
            return 0;
        }
    }
}
