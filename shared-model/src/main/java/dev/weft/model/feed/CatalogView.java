package dev.weft.model.feed;

import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.adapter.AdapterId;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway or a worker knows of the catalog: names and the versions they stand for, as of a
 * sequence number. It keeps answering from what it last heard when the catalog is away.
 *
 * <p>Any thread reads, without a lock, and gets immutable values; events are applied one at a time.
 * A look-up sees a name either before or after an event, never in between; a snapshot replaces
 * everything at once. An event and a look-up cost O(log n), so that hundreds of thousands of
 * adapters do no harm; only {@link #entries()} and a snapshot go through them all.
 */
public final class CatalogView {
    private volatile Names names = new Names();
    private volatile long sequence;
    private volatile boolean initialised;

    /**
     * Takes the next event. A snapshot replaces what was known, whatever its sequence number: a
     * catalog that was restored from a backup starts again lower. Other events that are older than
     * what is known change nothing.
     */
    public synchronized void apply(CatalogEvent event) {
        switch (event) {
            case CatalogEvent.Snapshot(long at, List<CatalogEntry> entries) -> {
                Names all = new Names();
                entries.forEach(all::put);
                names = all;
                sequence = at;
                initialised = true;
            }
            case CatalogEvent.Published(long at, CatalogEntry entry) -> {
                if (at > sequence) {
                    names.put(entry);
                    sequence = at;
                }
            }
            case CatalogEvent.Withdrawn(long at, AdapterId id) -> {
                if (at > sequence) {
                    names.remove(id);
                    sequence = at;
                }
            }
        }
    }

    /** The version that {@code model} stands for, as a client of the default tenant types it. */
    public Optional<CatalogEntry> find(String model) {
        return AdapterId.isName(model) ? find(AdapterId.of(model)) : Optional.empty();
    }

    /** The version that a name stands for. */
    public Optional<CatalogEntry> find(AdapterId id) {
        return names.find(id);
    }

    /** The first name, in order, under which a digest is published, if it still is. */
    public Optional<CatalogEntry> find(AdapterDigest digest) {
        return names.find(digest);
    }

    /** All names, in order of tenant and name. Goes through all of them. */
    public List<CatalogEntry> entries() {
        return names.all();
    }

    /** How many names stand for something. Counts them all. */
    public int size() {
        return names.size();
    }

    /** Sequence number of the last event applied; 0 before the first. */
    public long sequence() {
        return sequence;
    }

    /** A snapshot has been seen. */
    public boolean initialised() {
        return initialised;
    }
}
