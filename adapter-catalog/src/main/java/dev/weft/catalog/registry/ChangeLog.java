package dev.weft.catalog.registry;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Transaction;
import dev.weft.model.feed.CatalogEvent;
import io.r2dbc.spi.Row;
import java.util.List;
import java.util.Optional;

/** The events that followers read, in the order of commits, without gaps. Blocking. */
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

    /** True where all that followed {@code sequence} is still here, so that it can be resumed. */
    public boolean canResumeAfter(long sequence) {
        return database.transaction(
                tx -> EventTable.position(tx) == sequence || EventTable.holds(tx, sequence));
    }

    /**
     * All names that are published, and the position they are true for: one statement, one view.
     */
    public FeedEvent snapshot() {
        return database.transaction(tx -> {
            List<Line> lines =
                    tx.query(
                            "SELECT p.sequence, "
                                    + VersionReader.COLUMNS
                                    + " FROM feed_position p"
                                    + " LEFT JOIN versions v ON v.state = 'Ready'"
                                    + " LEFT JOIN adapters a ON a.id = v.adapter_id"
                                    + " WHERE p.id = 1 ORDER BY v.id",
                            ChangeLog::line);
            return FeedEvent.of(
                    new CatalogEvent.Snapshot(
                            lines.getFirst().sequence(),
                            lines.stream()
                                    .flatMap(line -> line.version().stream())
                                    .map(EventTable::entry)
                                    .toList()));
        });
    }

    private record Line(long sequence, Optional<Version> version) {}

    private static Line line(Row row) {
        return new Line(
                Transaction.required(row, "sequence", Long.class),
                row.get("id", Long.class) == null
                        ? Optional.empty()
                        : Optional.of(VersionReader.read(row)));
    }
}
