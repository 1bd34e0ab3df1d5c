package dev.weft.inference.server.residency.artifact;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what was read of recently requested adapters, up to a number of them; then the least
 * recently used one is dropped. Safe for any thread.
 *
 * @param <V> immutable, and small
 */
public final class RecentAdapters<V> {
    private final Map<AdapterDigest, V> values;

    /** Keeps what was read of so many adapters at most. */
    public RecentAdapters(int most) {
        values =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<AdapterDigest, V> eldest) {
                        return size() > most;
                    }
                };
    }

    /** What is known of an adapter. */
    public synchronized Optional<V> find(AdapterDigest adapter) {
        return Optional.ofNullable(values.get(adapter));
    }

    /** Keeps what was read of an adapter. */
    public synchronized void keep(AdapterDigest adapter, V value) {
        values.put(adapter, value);
    }
}
