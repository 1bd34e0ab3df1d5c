package dev.weft.catalog.version;

import dev.weft.source.fetch.FetchListener;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How far this process is with the versions that it takes in, and what they wait for. Nothing is
 * written down: after a restart a fetch begins with what lies there, and another catalog on the
 * same database doesn't know. Safe for any thread.
 */
public final class Underway {
    private final ConcurrentMap<Long, Progress> fetches = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, String> waits = new ConcurrentHashMap<>();

    /**
     * Where a fetch stands.
     *
     * @param total bytes of all files; empty until the source has said it
     * @param file the one in progress
     */
    public record Progress(long bytes, OptionalLong total, String file) {}

    /** Empty where nothing of the version is being fetched. */
    public Optional<Progress> fetch(long version) {
        return Optional.ofNullable(fetches.get(version));
    }

    /** What does not answer, and when it is tried again; empty where the work goes on. */
    public Optional<String> waiting(long version) {
        return Optional.ofNullable(waits.get(version));
    }

    /** What an earlier process has brought counts from the start, before the source answers. */
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
