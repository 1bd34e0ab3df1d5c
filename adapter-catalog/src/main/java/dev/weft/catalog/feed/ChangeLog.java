package dev.weft.catalog.feed;

import dev.weft.catalog.database.Database;
import dev.weft.protocol.feed.CatalogEvent;
import java.util.List;

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
        return database.transaction(tx -> EventTable.after(tx, sequence, limit));
    }

    /**
     * True if all events after {@code sequence} are still here, so that a follower can resume
     * there.
     */
    public boolean canResumeAfter(long sequence) {
        return database.transaction(
                tx -> EventTable.position(tx) == sequence || EventTable.holds(tx, sequence));
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
