package dev.weft.standalone.adapters;

import dev.weft.model.adapter.VersionState;
import dev.weft.model.repository.RepositoryRef;
import dev.weft.standalone.failure.CommandException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watches a version until nothing more happens to it. */
public final class Ingest {
    private static final Duration LOOK = Duration.ofMillis(150);

    private final CatalogClient catalog;
    private final Duration deadline;

    /**
     * @param deadline longest time that a version is watched
     */
    public Ingest(CatalogClient catalog, Duration deadline) {
        this.catalog = catalog;
        this.deadline = deadline;
    }

    /**
     * Waits until the newest version of a name that came from a repository is settled.
     *
     * @param progress told of each state that is seen
     */
    public AdapterVersion follow(
            String name, RepositoryRef repository, Consumer<VersionState> progress)
            throws CommandException {
        long end = System.nanoTime() + deadline.toNanos();
        @Nullable VersionState last = null;
        while (System.nanoTime() < end) {
            Optional<AdapterVersion> version = newest(name, repository);
            if (version.isPresent()) {
                if (version.get().state() != last) {
                    last = version.get().state();
                    progress.accept(last);
                }
                if (version.get().settled()) {
                    return version.get();
                }
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        throw new CommandException(
                "%s is still %s after %d s"
                        .formatted(name, last == null ? "unknown" : last, deadline.toSeconds()));
    }

    /** The newest version of a name that came from a repository. */
    public Optional<AdapterVersion> newest(String name, RepositoryRef repository)
            throws CommandException {
        return catalog.find(name).orElse(List.of()).stream()
                .filter(version -> version.repository().equals(repository))
                .findFirst();
    }
}
