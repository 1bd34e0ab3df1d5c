package dev.weft.catalog.version;

import dev.weft.source.fetch.FetchListener;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The progress of the versions that this process ingests, and what they wait for. It isn't stored:
 * after a restart a fetch begins with the files on disk, and another catalog on the same database
 * doesn't know it. Safe for any thread.
 */
public final class Underway {
    private final ConcurrentMap<Long, Progress> fetches = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, String> waits = new ConcurrentHashMap<>();

    /**
     * The progress of a fetch.
     *
     * @param total bytes of all files; empty until the source has told it
     * @param file the one in progress
     */
    public record Progress(long bytes, OptionalLong total, String file) {}

    /** The progress of a version's fetch; empty if nothing of it is being fetched. */
    public Optional<Progress> fetch(long version) {
        return Optional.ofNullable(fetches.get(version));
    }

    /** What doesn't answer, and when it is tried again; empty if the work goes on. */
    public Optional<String> waiting(long version) {
        return Optional.ofNullable(waits.get(version));
    }

    /** Counts the bytes that an earlier process fetched, before the source answers. */
    public void found(long version, long bytes) {
        if (bytes > 0) {
            fetches.put(version, new Progress(bytes, OptionalLong.empty(), ""));
        }
    }

    public void at(long version, FetchListener.Progress now) {
        OptionalLong total = now.total() < 0 ? OptionalLong.empty() : OptionalLong.of(now.total());
        fetches.put(version, new Progress(now.bytes(), total, now.file()));
    }

    public void fetched(long version) {
        fetches.remove(version);
    }

    public void waits(long version, String why) {
        waits.put(version, why);
    }

    public void goesOn(long version) {
        waits.remove(version);
    }
}
