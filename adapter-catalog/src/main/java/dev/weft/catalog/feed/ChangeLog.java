package dev.weft.catalog.feed;

import dev.weft.catalog.database.Database;
import dev.weft.protocol.feed.CatalogEvent;
import java.util.List;
import java.util.Optional;

/** The events that followers read, in the order of commits, without gaps. Calls block. */
public final class ChangeLog {
    private final Database database;

    public ChangeLog(Database database) {
        this.database = database;
    }

    /** Sequence number of the newest event. */
    public long position() {
        return database.transaction(EventTable::position);
    }

    /** Events after {@code sequence}, oldest first, at most {@code limit}. */
    public List<FeedEvent> after(long sequence, int limit) {
        return database.transaction(tx -> EventTable.from(tx, sequence + 1, limit));
    }

    /**
     * Events after a place, oldest first, at most {@code limit}. Empty if the log does not go on
     * from that place: it has another event there, has not come so far, or has lost the event of a
     * marked place.
     */
    Optional<List<FeedEvent>> since(FeedPlace place, int limit) {
        return database.transaction(tx -> {
            List<FeedEvent> found = EventTable.from(tx, place.sequence(), limit + 1);
            boolean begins = !found.isEmpty() && found.getFirst().sequence() == place.sequence();
            if (begins) {
                return found.getFirst().at().equals(place)
                        ? Optional.of(found.subList(1, found.size()))
                        : Optional.empty();
            }
            return place.mark() == FeedPlace.UNMARKED && EventTable.position(tx) >= place.sequence()
                    ? Optional.of(found.subList(0, Math.min(limit, found.size())))
                    : Optional.empty();
        });
    }

    /** The place of the newest event. */
    public FeedPlace place() {
        return database.transaction(tx -> EventTable.place(tx, EventTable.position(tx)));
    }

    /**
     * True if the event at that place, and all events after it, are still here, so that a follower
     * can resume there.
     */
    public boolean canResumeAfter(FeedPlace place) {
        return database.transaction(tx ->
                place.mark() != FeedPlace.UNMARKED
                        && EventTable.place(tx, place.sequence()).equals(place));
    }

    /**
     * All names that lead to something, from their newest events. On a database of an earlier Weft,
     * the first call computes them from the versions and keeps them.
     */
    public PublishedNames names() {
        return database.transaction(
                tx -> EntryTable.all(tx).orElseGet(() -> EntryTable.rebuild(tx)));
    }

    /** Returns all names that lead to something, computed from adapters, versions and aliases. */
    public CatalogEvent.Snapshot snapshot() {
        return database.transaction(SnapshotQuery::run);
    }
}
