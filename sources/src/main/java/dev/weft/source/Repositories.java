package dev.weft.source;

import dev.weft.model.repository.RepositoryRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Brings repositories to this machine. Blocking, meant for virtual threads; safe for many threads:
 * fetches into the same folder wait for each other. Two processes must not share a target folder.
 */
public final class Repositories {
    private static final ConcurrentMap<Path, ReentrantLock> TARGETS = new ConcurrentHashMap<>();

    private final SourceSettings settings;
    private final HubClient hub;

    public Repositories(SourceSettings settings) {
        this.settings = settings;
        this.hub = new HubClient(settings);
    }

    /**
     * Brings the wanted files of a repository here.
     *
     * <p>HF: the revision is resolved to a commit and its files are fetched into {@code target},
     * which is created. What is complete is not fetched again; what was cut off goes on where it
     * stopped. A commit (40 hexadecimal digits) whose files are complete needs no network. Each
     * file appears whole, its size and hash checked, or not at all.
     *
     * <p>FILE: nothing is copied, the folder itself is the result.
     *
     * @throws SourceException with the reason; a fetch that failed can be tried again
     */
    public Fetched fetch(
            RepositoryRef ref, FileSelection wanted, Path target, FetchListener progress)
            throws SourceException {
        return switch (ref.source()) {
            case FILE -> folder(ref, wanted);
            case HF -> hub(ref, wanted, target.toAbsolutePath().normalize(), progress);
            case GCS, S3, AZURE, REMOTE_URL ->
                    throw new SourceException(
                            SourceFault.UNSUPPORTED_SOURCE,
                            ref + ": source " + ref.source() + " is not served; HF and FILE are");
        };
    }

    private Fetched hub(
            RepositoryRef ref, FileSelection wanted, Path target, FetchListener progress)
            throws SourceException {
        Attempts attempts = new Attempts(settings, ref);
        ReentrantLock lock = TARGETS.computeIfAbsent(target, _ -> new ReentrantLock());
        try {
            if (!lock.tryLock(attempts.nanosLeft(), TimeUnit.NANOSECONDS)) {
                throw new SourceException(
                        SourceFault.TIMEOUT, ref + ": another fetch into " + target + " goes on");
            }
        } catch (InterruptedException e) {
            throw attempts.interrupted(e);
        }
        try {
            return new HubFetch(new FetchContext(hub, ref, wanted, target, progress, attempts))
                    .run();
        } finally {
            lock.unlock();
        }
    }

    private static Fetched folder(RepositoryRef ref, FileSelection wanted) throws SourceException {
        Path folder = Path.of(ref.repo());
        if (!folder.isAbsolute()) {
            throw new SourceException(
                    SourceFault.NOT_ALLOWED, ref + ": an absolute folder is allowed");
        }
        if (!Files.isDirectory(folder)) {
            String what = Files.exists(folder) ? "is no folder" : "does not exist";
            throw new SourceException(SourceFault.NOT_FOUND, ref + ": " + folder + " " + what);
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(Repositories::name)
                            .filter(wanted.wanted().or(wanted.listed()))
                            .sorted()
                            .toList();
            return new Fetched(folder, "", names);
        } catch (IOException e) {
            throw new SourceException(
                    SourceFault.STORAGE, ref + ": " + folder + " cannot be read: " + e, e);
        }
    }

    /** A folder within bears a slash, as the names of its files do. */
    private static String name(Path file) {
        return file.getFileName() + (Files.isDirectory(file) ? "/" : "");
    }
}
