package dev.weft.catalog.feed;

import dev.weft.catalog.database.Rows;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.FeedCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The statements on {@code change_events} and {@code feed_position}. A write takes the position's
 * lock as the last lock of its transaction.
 */
public final class EventTable {
    /**
     * The number of events kept for returning followers; one that is further behind gets a
     * snapshot.
     */
    public static final int KEPT = 10_000;

    private EventTable() {}

    public static void published(JdbcClient tx, CatalogEntry entry) {
        append(tx, new CatalogEvent.Published(next(tx), entry));
        EntryTable.put(tx, entry);
    }

    /**
     * Tells that a name leads to nothing.
     *
     * @param coming the version of it that is being made ready; null if there is none
     */
    public static void withdrawn(JdbcClient tx, AdapterId id, @Nullable ComingName coming) {
        append(tx, new CatalogEvent.Withdrawn(next(tx), id, coming));
        EntryTable.remove(tx, id);
    }

    /** Tells that the bases have changed, with all that the table has now. */
    public static void basesChanged(JdbcClient tx) {
        append(tx, new CatalogEvent.BasesChanged(next(tx), KnownBasesQuery.all(tx)));
    }

    /** Tells that {@code coming} has changed for a name that leads to nothing, as before. */
    public static void coming(JdbcClient tx, AdapterId id, @Nullable ComingName coming) {
        append(tx, new CatalogEvent.Withdrawn(next(tx), id, coming));
    }

    public static void tokenChanged(JdbcClient tx, String hash) {
        append(tx, new CatalogEvent.TokenChanged(next(tx), hash));
    }

    static long position(JdbcClient tx) {
        return tx.sql("SELECT sequence FROM feed_position WHERE id = 1")
                .query((row, _) -> row.getLong("sequence"))
                .single();
    }

    /** The place of an event, also of one that the log does not have. */
    static FeedPlace place(JdbcClient tx, long sequence) {
        return tx.sql("SELECT mark FROM change_events WHERE sequence = :sequence")
                .param("sequence", sequence)
                .query((row, _) -> new FeedPlace(sequence, row.getLong("mark")))
                .optional()
                .orElse(new FeedPlace(sequence, FeedPlace.UNMARKED));
    }

    /** That event and those after it, oldest first. */
    static List<FeedEvent> from(JdbcClient tx, long sequence, int limit) {
        return tx.sql(
                        """
                        SELECT sequence, mark, kind, data FROM change_events
                        WHERE sequence >= :sequence
                        ORDER BY sequence
                        FETCH FIRST :limit ROWS ONLY
                        """)
                .param("sequence", sequence)
                .param("limit", limit)
                .query((row, _) ->
                        new FeedEvent(
                                new FeedPlace(row.getLong("sequence"), row.getLong("mark")),
                                Rows.text(row, "kind"),
                                Rows.text(row, "data")))
                .list();
    }

    /** Takes the next number; moves {@code feed_entries} along unless it was behind already. */
    private static long next(JdbcClient tx) {
        tx.sql(
                        """
                        UPDATE feed_position
                        SET sequence = sequence + 1,
                            entries_at = CASE WHEN entries_at = sequence THEN sequence + 1
                                ELSE entries_at END
                        WHERE id = 1
                        """)
                .update();
        return position(tx);
    }

    private static void append(JdbcClient tx, CatalogEvent event) {
        tx.sql(
                        """
                        INSERT INTO change_events (sequence, kind, data)
                        VALUES (:sequence, :kind, :data)
                        """)
                .param("sequence", event.sequence())
                .param("kind", FeedCodec.eventName(event))
                .param("data", FeedCodec.encode(event))
                .update();
        tx.sql("DELETE FROM change_events WHERE sequence <= :oldest")
                .param("oldest", event.sequence() - KEPT)
                .update();
    }
}
