package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
     * @param coming names that lead to nothing yet, and of which a version is being made ready
     */
    record Snapshot(
            long sequence,
            List<CatalogBase> bases,
            List<CatalogEntry> entries,
            Set<ComingName> coming)
            implements CatalogEvent {
        public Snapshot {
            bases = List.copyOf(bases);
            entries = List.copyOf(entries);
            coming = Set.copyOf(coming);
        }

        /** A snapshot that says nothing of bases; no name is coming. */
        public Snapshot(long sequence, List<CatalogEntry> entries) {
            this(sequence, List.of(), entries, Set.of());
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

    /**
     * The name leads to nothing: disabled, removed, rejected or not ready yet.
     *
     * @param coming the version of it that is being made ready; null if there is none
     */
    record Withdrawn(long sequence, AdapterId id, @Nullable ComingName coming)
            implements CatalogEvent {
        public Withdrawn {
            if (coming != null && !coming.id().equals(id)) {
                throw new IllegalArgumentException(coming + " is not of " + id);
            }
        }

        /** The withdrawal of a name of which nothing is coming. */
        public Withdrawn(long sequence, AdapterId id) {
            this(sequence, id, null);
        }

        /** The withdrawal of a name that is coming. */
        public Withdrawn(long sequence, ComingName coming) {
            this(sequence, coming.id(), coming);
        }
    }

    /**
     * A token was revoked, or ends at another time: earlier answers about it no longer count.
     *
     * @param token its SHA-256 in hexadecimal
     */
    record TokenChanged(long sequence, String token) implements CatalogEvent {}
}
