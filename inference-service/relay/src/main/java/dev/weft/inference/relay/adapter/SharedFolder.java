package dev.weft.inference.relay.adapter;

import dev.weft.format.lora.canonical.FoldedAdapter;
import dev.weft.format.lora.weight.LoraAdapter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that both the worker and the server see. An adapter's folder appears whole and under
 * its final name, and is read-only with its files. It is deleted some time after its last use,
 * since a server may read it once more for a request that has just ended. The folders used last
 * stay for longer while the disk has room, so that an adapter that comes again need not be written
 * again. One worker has the folder at a time. Any thread.
 */
public final class SharedFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedFolder.class);
    private static final String LOCK = ".weft-worker";
    private static final String PART = ".part-";

    /**
     * How long an unused folder stays at least: longer than a server takes to notice that a client
     * has left.
     */
    private static final Duration REST = Duration.ofSeconds(10);

    /**
     * Unused folders that stay for longer: some GB with adapters of a 7B model, 80 to 160 MB each.
     */
    private static final int MOST_KEPT = 32;

    private final Path here;
    private final Path there;
    private final String decoder;
    private final FileChannel channel;
    private final Means means;

    /** Folders that nobody uses, with the moment at which each was given up; the oldest first. */
    private final Map<RelayName, Long> retired = new LinkedHashMap<>();

    /** Its path. */
    @Override
    public String toString() {
        return here.toString();
    }

    private SharedFolder(Mount mount, FileChannel channel, Means means) {
        this.here = mount.here();
        this.there = mount.there();
        this.decoder = mount.decoder();
        this.channel = channel;
        this.means = means;
    }

    /**
     * What a folder works with.
     *
     * @param nanos as {@link System#nanoTime()}
     * @param room whether the disk of a folder has room for unused adapters
     */
    record Means(LongSupplier nanos, Fold fold, Predicate<Path> room) {}

    /** Writes an adapter's files into an empty folder. */
    @FunctionalInterface
    interface Fold {
        void write(LoraAdapter adapter, String decoder, Path folder) throws IOException;
    }

    /**
     * Where the folder is, and what the server calls the modules.
     *
     * @param here the folder; made if it isn't there
     * @param there the path by which the server sees it
     * @param decoder what stands before {@code layers.N} in the checkpoint's names
     */
    public record Mount(Path here, Path there, String decoder) {}

    /**
     * An adapter that was written.
     *
     * @param path of its folder, as the server sees it
     * @param bytes of its tensors
     */
    public record Written(RelayName name, Path path, long bytes) {}

    /**
     * Takes the folder for this worker.
     *
     * @throws IOException if it can't be written, or another worker has it
     */
    public static SharedFolder open(Mount mount) throws IOException {
        return open(
                mount, new Means(System::nanoTime, FoldedAdapter::write, SharedFolder::hasRoom));
    }

    /** Kubernetes begins to end pods when 10 to 15 % of a node's disk are left. */
    private static boolean hasRoom(Path folder) {
        try {
            FileStore disk = Files.getFileStore(folder);
            return disk.getUsableSpace() > disk.getTotalSpace() / 5;
        } catch (IOException e) {
            LOG.debug("{} does not tell its room", folder, e);
            return false;
        }
    }

    @SuppressWarnings("resource") // the lock lives as long as the channel
    static SharedFolder open(Mount mount, Means means) throws IOException {
        Path here = mount.here();
        Files.createDirectories(here);
        Path file = here.resolve(LOCK);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            LOG.debug("{} is locked by this process", file, e);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new IOException(
                    "another worker uses "
                            + here
                            + ": each worker needs a server and a weft.relay.shared-dir of its"
                            + " own");
        }
        return new SharedFolder(mount, channel, means);
    }

    /** Whether a path of the server's lies in this folder. */
    public boolean holds(String path) {
        try {
            return Path.of(path).startsWith(there);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The path by which the server sees an adapter. */
    public Path path(RelayName name) {
        return there.resolve(name.toString());
    }

    /**
     * Writes an adapter, unless its folder is still here. Other threads may call meanwhile, since
     * an adapter of gigabytes takes its time.
     *
     * @throws IOException if the disk fails, or is full even without the unused folders; nothing is
     *     left behind then
     * @throws ArithmeticException if the adapter can't be folded
     */
    public Written write(RelayName name, LoraAdapter adapter) throws IOException {
        Path folder = here.resolve(name.toString());
        if (!keeps(name)) {
            try {
                writeAnew(name, adapter);
            } catch (IOException e) {
                if (!makeRoom()) {
                    throw e;
                }
                LOG.info("{} is written again into the room of others: {}", folder, e.toString());
                writeAnew(name, adapter);
            }
        }
        return new Written(name, path(name), bytes(folder));
    }

    private void writeAnew(RelayName name, LoraAdapter adapter) throws IOException {
        Path part = Files.createTempDirectory(here, PART);
        try {
            means.fold.write(adapter, decoder, part);
            seal(part);
            appear(name, part);
            force(here);
        } catch (IOException | RuntimeException e) {
            delete(part);
            throw e;
        }
    }

    /** True if the adapter's folder is here; it stays then. */
    private synchronized boolean keeps(RelayName name) {
        retired.remove(name);
        return Files.isDirectory(here.resolve(name.toString()));
    }

    private synchronized void appear(RelayName name, Path part) throws IOException {
        if (keeps(name)) {
            delete(part);
        } else {
            Files.move(part, here.resolve(name.toString()), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Whether an adapter's folder is here. */
    public boolean has(RelayName name) {
        return Files.isDirectory(here.resolve(name.toString()));
    }

    /** Marks an adapter as unused; its folder is deleted later. */
    public synchronized void retire(RelayName name) {
        retired.remove(name);
        retired.put(name, means.nanos.getAsLong());
    }

    /**
     * Gives up each folder that nobody uses although its adapter was never given up, as after an
     * unload that a server which went away never answered. One that was given up and is in use
     * stays.
     *
     * @param used whether the server or a load may read an adapter's folder; asked while no folder
     *     is written or given up
     */
    public synchronized void giveUpUnused(Predicate<RelayName> used) throws IOException {
        for (RelayName name : names()) {
            if (used.test(name)) {
                retired.remove(name);
            } else if (!retired.containsKey(name)) {
                retire(name);
            }
        }
    }

    /** Whether an adapter's folder waits for its end. */
    public synchronized boolean isGivenUp(RelayName name) {
        return retired.containsKey(name);
    }

    private List<RelayName> names() throws IOException {
        return files(here).stream()
                .flatMap(path -> RelayName.parse(String.valueOf(path.getFileName())).stream())
                .toList();
    }

    /**
     * Deletes folders that have been unused for long enough; keeps those used last if there is
     * room.
     */
    public synchronized void sweep() {
        List<RelayName> rested = rested();
        if (rested.isEmpty()) {
            return;
        }
        int kept = means.room.test(here) ? MOST_KEPT : 0;
        rested.subList(0, Math.max(0, rested.size() - kept)).forEach(this::drop);
    }

    /** Deletes all folders that no server reads any more; false if there are none. */
    private synchronized boolean makeRoom() {
        List<RelayName> rested = rested();
        rested.forEach(this::drop);
        return !rested.isEmpty();
    }

    /** Adapters whose folders no server reads any more, the longest unused first. */
    private List<RelayName> rested() {
        long now = means.nanos.getAsLong();
        return retired.entrySet().stream()
                .filter(entry -> now - entry.getValue() >= REST.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void drop(RelayName name) {
        retired.remove(name);
        delete(here.resolve(name.toString()));
    }

    /**
     * Deletes what an earlier run of this worker left: adapters, and folders that are half written.
     *
     * @param used adapters that the server has, whose folders stay
     */
    public synchronized void clear(Set<RelayName> used) throws IOException {
        try (Stream<Path> files = Files.list(here)) {
            files.filter(path -> isLeft(path, used)).forEach(SharedFolder::delete);
        }
    }

    private static boolean isLeft(Path path, Set<RelayName> used) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(PART)
                || (name.startsWith(RelayName.PREFIX)
                        && RelayName.parse(name).filter(used::contains).isEmpty());
    }

    /** Forces the folder and its files to the disk, and makes them read-only. */
    private static void seal(Path folder) throws IOException {
        for (Path file : files(folder)) {
            force(file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        }
        force(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    }

    private static void force(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            file.force(true);
        }
    }

    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : files(folder)) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void delete(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                if (!Files.isWritable(folder)) {
                    Files.setPosixFilePermissions(
                            folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
                for (Path file : files(folder)) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warn("{} can't be deleted: {}", folder, e.toString());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("{} can't be given back: {}", here, e.toString());
        }
    }
}
