package dev.weft.catalog.feed;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.FeedCodec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all names lead to at a position of the feed, as JSON. It is read from the database once and
 * then follows the log, so a snapshot takes no query and no new JSON. It takes some 500 bytes for
 * each adapter. For one thread at a time.
 */
final class CurrentNames {
    private static final Comparator<AdapterId> BY_NAME =
            Comparator.comparing(AdapterId::tenant).thenComparing(AdapterId::name);

    private final TreeMap<AdapterId, byte[]> entries = new TreeMap<>(BY_NAME);
    private List<CatalogBase> bases;
    private final Map<AdapterId, ComingName> coming = new HashMap<>();
    private FeedPlace at;

    /** The snapshot of this position; null until somebody asks. */
    private @Nullable Snapshot snapshot;

    CurrentNames(PublishedNames start) {
        entries.putAll(start.entries());
        bases = start.bases();
        start.coming().forEach(name -> coming.put(name.id(), name));
        at = start.at();
    }

    /** The position that the names are at. */
    FeedPlace at() {
        return at;
    }

    /**
     * Applies the next event.
     *
     * @return false if it isn't the next one, or only a newer catalog understands it; then nothing
     *     has changed
     */
    boolean apply(FeedEvent event) {
        if (event.sequence() != at.sequence() + 1) {
            return false;
        }
        try {
            apply(FeedCodec.decode(event.kind(), event.data()));
        } catch (IllegalArgumentException e) {
            return false;
        }
        at = event.at();
        snapshot = null;
        return true;
    }

    private void apply(CatalogEvent event) {
        switch (event) {
            case CatalogEvent.Snapshot _ ->
                    throw new IllegalArgumentException("the log holds no snapshots");
            case CatalogEvent.Published(_, var entry) -> {
                entries.put(entry.id(), FeedCodec.encodeEntry(entry));
                coming.remove(entry.id());
            }
            case CatalogEvent.Withdrawn withdrawn -> {
                entries.remove(withdrawn.id());
                coming.compute(withdrawn.id(), (_, _) -> withdrawn.coming());
            }
            case CatalogEvent.BasesChanged(_, var known) -> bases = known;
            case CatalogEvent.TokenChanged _ -> {} // about no name
        }
    }

    Snapshot snapshot() {
        Snapshot found = snapshot;
        if (found == null) {
            found =
                    new Snapshot(
                            at, bases, List.copyOf(entries.values()), Set.copyOf(coming.values()));
            snapshot = found;
        }
        return found;
    }
}
