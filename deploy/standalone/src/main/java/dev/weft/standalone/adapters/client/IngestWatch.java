package dev.weft.standalone.adapters.client;

import dev.weft.standalone.failure.CommandException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watches a version until it is settled. */
public final class IngestWatch {
    private static final Duration LOOK = Duration.ofMillis(150);

    private final CatalogClient catalog;
    private final Duration deadline;

    /**
     * Creates a watch.
     *
     * @param deadline longest time that a version is watched
     */
    public IngestWatch(CatalogClient catalog, Duration deadline) {
        this.catalog = catalog;
        this.deadline = deadline;
    }

    /**
     * Waits until the version that a registration led to is settled.
     *
     * @param name for messages
     * @param progress gets each state that is seen, and each percent that is fetched
     */
    public AdapterVersion follow(String name, long registration, Consumer<AdapterVersion> progress)
            throws CommandException {
        long end = System.nanoTime() + deadline.toNanos();
        @Nullable AdapterVersion last = null;
        while (System.nanoTime() < end) {
            AdapterVersion version =
                    catalog.registered(registration)
                            .orElseThrow(
                                    () -> new CommandException(name + " was removed meanwhile"));
            if (last == null || !standing(version).equals(standing(last))) {
                last = version;
                progress.accept(version);
            }
            if (version.settled()) {
                return version;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        throw new CommandException(
                "%s is still %s after %d s"
                        .formatted(
                                name,
                                last == null ? "unknown" : last.standing(),
                                deadline.toSeconds()));
    }

    /**
     * The values whose change is worth a line: the state, the percent of its fetch, and what it
     * waits for.
     */
    private static List<Object> standing(AdapterVersion version) {
        FetchProgress fetch = version.work().progress();
        Integer percent = fetch == null ? null : fetch.percent();
        return List.of(
                version.state(),
                percent == null ? "" : percent,
                Objects.requireNonNullElse(version.work().waiting(), ""));
    }
}
