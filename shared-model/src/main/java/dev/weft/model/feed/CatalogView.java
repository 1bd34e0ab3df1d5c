package dev.weft.model.feed;

import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.adapter.AdapterId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a gateway or a worker knows of the catalog: names and the versions they stand for, as of a
 * sequence number. One thread applies events; any thread reads an immutable state. It keeps
 * answering from what it last heard when the catalog is away.
 */
public final class CatalogView {
    private record State(
            long sequence, boolean initialised, Map<AdapterId, CatalogEntry> entries) {}

    private final AtomicReference<State> state =
            new AtomicReference<>(new State(0, false, Map.of()));

    /** Takes the next event. Events that are older than what is known change nothing. */
    public void apply(CatalogEvent event) {
        State now = state.get();
        Map<AdapterId, CatalogEntry> entries =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        switch (event) {
            case CatalogEvent.Snapshot(long _, var all) ->
                    all.forEach(entry -> entries.put(entry.id(), entry));
            case CatalogEvent.Published(long sequence, CatalogEntry entry) -> {
                if (sequence <= now.sequence) {
                    return;
                }
                entries.putAll(now.entries);
                entries.put(entry.id(), entry);
            }
            case CatalogEvent.Withdrawn(long sequence, AdapterId id) -> {
                if (sequence <= now.sequence) {
                    return;
                }
                entries.putAll(now.entries);
                entries.remove(id);
            }
        }
        state.set(new State(event.sequence(), true, entries));
    }

    /** The version that {@code model} stands for, as a client of the default tenant types it. */
    public Optional<CatalogEntry> find(String model) {
        if (!AdapterId.isName(model)) {
            return Optional.empty();
        }
        return Optional.ofNullable(state.get().entries.get(AdapterId.of(model)));
    }

    /** The name under which a digest is published, if it still is. */
    public Optional<CatalogEntry> find(AdapterDigest digest) {
        return state.get().entries.values().stream()
                .filter(entry -> entry.digest().equals(digest))
                .findFirst();
    }

    /** All names, in order. */
    public Collection<CatalogEntry> entries() {
        return new ArrayList<>(state.get().entries.values());
    }

    /** Sequence number of the last event applied. */
    public long sequence() {
        return state.get().sequence;
    }

    /** A snapshot has been seen. */
    public boolean initialised() {
        return state.get().initialised;
    }
}
