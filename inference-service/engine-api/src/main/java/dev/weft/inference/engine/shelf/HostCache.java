package dev.weft.inference.engine.shelf;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adapters that have left their slot, up to a number of them and of bytes; the one that left its
 * slot longest ago goes first. Not safe for several threads; frees nothing itself.
 */
final class HostCache<A extends ShelvedAdapter> {
    private final long capacity;
    private final int most;
    private final Map<AdapterDigest, A> adapters = new LinkedHashMap<>();
    private long bytes;

    HostCache(long capacity, int most) {
        this.capacity = capacity;
        this.most = most;
    }

    int size() {
        return adapters.size();
    }

    /** Bytes of the adapters here; never more than the capacity. */
    long bytes() {
        return bytes;
    }

    boolean holds(AdapterDigest digest) {
        return adapters.containsKey(digest);
    }

    /** The adapters here; the next one to be given up comes first. */
    Collection<A> adapters() {
        return Collections.unmodifiableCollection(adapters.values());
    }

    /** Removes and returns an adapter if it is here; the caller owns it then. */
    @Nullable A take(AdapterDigest digest) {
        A adapter = adapters.remove(digest);
        if (adapter != null) {
            bytes -= adapter.bytes();
        }
        return adapter;
    }

    /**
     * Adds an adapter; returns those that have to go. That is this one alone if it is too large, or
     * if no adapter may be here.
     */
    List<A> put(A adapter) {
        List<A> gone = new ArrayList<>();
        long size = adapter.bytes();
        if (size > capacity || most == 0) {
            gone.add(adapter);
            return gone;
        }
        while (bytes > capacity - size || adapters.size() >= most) {
            A oldest = take(adapters.keySet().iterator().next());
            if (oldest != null) {
                gone.add(oldest);
            }
        }
        adapters.put(adapter.digest(), adapter);
        bytes += size;
        return gone;
    }

    /** Removes and returns all adapters. */
    List<A> clear() {
        List<A> all = List.copyOf(adapters.values());
        adapters.clear();
        bytes = 0;
        return all;
    }
}
