package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.required;

import dev.weft.catalog.database.Transaction;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.FeedCodec;
import java.util.List;

/**
 * The statements on {@code change_events} and {@code feed_position}. Writing takes the position's
 * lock as the last one of a transaction.
 */
final class EventTable {
    /** Events kept for followers that come back; who is further behind gets a snapshot. */
    static final int KEPT = 10_000;

    private EventTable() {}

    static void published(Transaction tx, CatalogEntry entry) {
        append(tx, new CatalogEvent.Published(next(tx), entry));
        EntryTable.put(tx, entry);
    }

    static void withdrawn(Transaction tx, AdapterId id) {
        append(tx, new CatalogEvent.Withdrawn(next(tx), id));
        EntryTable.remove(tx, id);
    }

    static void tokenChanged(Transaction tx, String hash) {
        append(tx, new CatalogEvent.TokenChanged(next(tx), hash));
    }

    static long position(Transaction tx) {
        return tx.query(
                        "SELECT sequence FROM feed_position WHERE id = 1",
                        row -> required(row, "sequence", Long.class))
                .getFirst();
    }

    static List<FeedEvent> after(Transaction tx, long sequence, int limit) {
        return tx.query(
                "SELECT sequence, kind, data FROM change_events WHERE sequence > $1"
                        + " ORDER BY sequence FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                row ->
                        new FeedEvent(
                                required(row, "sequence", Long.class),
                                required(row, "kind", String.class),
                                required(row, "data", String.class)),
                sequence);
    }

    static boolean holds(Transaction tx, long sequence) {
        return !tx.query(
                        "SELECT sequence FROM change_events WHERE sequence = $1",
                        row -> 1,
                        sequence)
                .isEmpty();
    }

    /** Takes {@code feed_entries} along, unless it was behind already. */
    private static long next(Transaction tx) {
        tx.update(
                "UPDATE feed_position SET sequence = sequence + 1, entries_at ="
                        + " CASE WHEN entries_at = sequence THEN sequence + 1 ELSE entries_at END"
                        + " WHERE id = 1");
        return position(tx);
    }

    private static void append(Transaction tx, CatalogEvent event) {
        tx.update(
                "INSERT INTO change_events (sequence, kind, data) VALUES ($1, $2, $3)",
                event.sequence(),
                FeedCodec.eventName(event),
                FeedCodec.encode(event));
        tx.update("DELETE FROM change_events WHERE sequence <= $1", event.sequence() - KEPT);
    }
}
