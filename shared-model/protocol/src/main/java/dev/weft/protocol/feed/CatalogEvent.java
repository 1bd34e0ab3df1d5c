package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterId;
import java.util.List;

/**
 * An event of the feed, in order of {@link #sequence()}. A follower that connects gets a snapshot
 * first. If it names the last sequence number it saw and the catalog still has what came after, it
 * gets only that.
 */
public sealed interface CatalogEvent {
    /** Position in the feed. It grows, and may have gaps only if a snapshot fills them. */
    long sequence();

    /**
     * Everything that is ready, as of {@code sequence}; replaces what the follower knew.
     *
     * @param bases in the order of their ids; none from a catalog that knows of no other base than
     *     its own
     */
    record Snapshot(long sequence, List<CatalogBase> bases, List<CatalogEntry> entries)
            implements CatalogEvent {
        public Snapshot {
            bases = List.copyOf(bases);
            entries = List.copyOf(entries);
        }

        /** Names over a base that the catalog says nothing of. */
        public Snapshot(long sequence, List<CatalogEntry> entries) {
            this(sequence, List.of(), entries);
        }
    }

    /** These are the bases now, in the order of their ids. */
    record BasesChanged(long sequence, List<CatalogBase> bases) implements CatalogEvent {
        public BasesChanged {
            bases = List.copyOf(bases);
        }
    }

    /** The name now leads to these versions, and to no others. */
    record Published(long sequence, CatalogEntry entry) implements CatalogEvent {}

    /** The name leads to nothing any more: disabled or removed. */
    record Withdrawn(long sequence, AdapterId id) implements CatalogEvent {}

    /**
     * A token was revoked, or ends at another time: earlier answers about it no longer count.
     *
     * @param token its SHA-256 in hexadecimal
     */
    record TokenChanged(long sequence, String token) implements CatalogEvent {}
}
