package dev.weft.catalog.ingest;

import dev.weft.source.FetchListener;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How far the fetches of this process are, by version. Nothing is written down: after a restart it
 * is what lies there, and another catalog on the same database doesn't know. Safe for any thread.
 */
public final class Downloads {
    private final ConcurrentMap<Long, Progress> running = new ConcurrentHashMap<>();

    /**
     * Where a fetch stands.
     *
     * @param total bytes of all files; empty until the source has said it
     * @param file the one in progress
     */
    public record Progress(long bytes, OptionalLong total, String file) {}

    /** Empty where nothing of the version is being fetched. */
    public Optional<Progress> of(long version) {
        return Optional.ofNullable(running.get(version));
    }

    /** What an earlier process has brought counts from the start, before the source answers. */
    void found(long version, long bytes) {
        if (bytes > 0) {
            running.put(version, new Progress(bytes, OptionalLong.empty(), ""));
        }
    }

    void at(long version, FetchListener.Progress now) {
        OptionalLong total = now.total() < 0 ? OptionalLong.empty() : OptionalLong.of(now.total());
        running.put(version, new Progress(now.bytes(), total, now.file()));
    }

    void ended(long version) {
        running.remove(version);
    }
}
