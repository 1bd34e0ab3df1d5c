package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.required;

import dev.weft.catalog.database.Transaction;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.FeedCodec;
import io.r2dbc.spi.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The statements on {@code feed_entries}: what the newest event of each name says. Written within
 * the transaction of the event, under the lock of {@code feed_position}.
 */
final class EntryTable {
    /** Rows of one statement. */
    private static final int BATCH = 500;

    private static final String ALL =
            "SELECT p.sequence, p.entries_at, e.tenant, e.name, e.entry FROM feed_position p"
                    + " LEFT JOIN feed_entries e ON p.entries_at = p.sequence WHERE p.id = 1";

    private EntryTable() {}

    static void put(Transaction tx, CatalogEntry entry) {
        String json = text(FeedCodec.encodeEntry(entry));
        long known =
                tx.update(
                        "UPDATE feed_entries SET entry = $1 WHERE tenant = $2 AND name = $3",
                        json,
                        entry.id().tenant(),
                        entry.id().name());
        if (known == 0) {
            insert(tx, List.of(entry.id().tenant(), entry.id().name(), json));
        }
    }

    static void remove(Transaction tx, AdapterId id) {
        tx.update(
                "DELETE FROM feed_entries WHERE tenant = $1 AND name = $2", id.tenant(), id.name());
    }

    /** All of them, by one statement and so of one moment; empty where the table is behind. */
    static Optional<PublishedNames> all(Transaction tx) {
        Reader reader = new Reader();
        tx.each(ALL, reader::add);
        return reader.names();
    }

    /** Writes the table anew from the versions. Writers of events wait meanwhile. */
    static PublishedNames rebuild(Transaction tx) {
        tx.update("UPDATE feed_position SET entries_at = entries_at WHERE id = 1"); // its lock
        Optional<PublishedNames> meanwhile = all(tx);
        if (meanwhile.isPresent()) {
            return meanwhile.get();
        }
        tx.update("DELETE FROM feed_entries");
        List<CatalogEntry> entries = SnapshotQuery.run(tx).entries();
        for (int from = 0; from < entries.size(); from += BATCH) {
            List<String> row = new ArrayList<>();
            for (CatalogEntry entry :
                    entries.subList(from, Math.min(entries.size(), from + BATCH))) {
                row.add(entry.id().tenant());
                row.add(entry.id().name());
                row.add(text(FeedCodec.encodeEntry(entry)));
            }
            insert(tx, row);
        }
        tx.update("UPDATE feed_position SET entries_at = sequence WHERE id = 1");
        return all(tx).orElseThrow();
    }

    /**
     * Inserts rows.
     *
     * @param values tenant, name and JSON of each
     */
    private static void insert(Transaction tx, List<String> values) {
        StringBuilder sql =
                new StringBuilder("INSERT INTO feed_entries (tenant, name, entry) VALUES ");
        for (int i = 1; i <= values.size(); i += 3) {
            sql.append(i == 1 ? "" : ", ").append("($%d, $%d, $%d)".formatted(i, i + 1, i + 2));
        }
        tx.update(sql.toString(), values.toArray());
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** Rows to names, as they come: 100,000 of them, so columns are asked for by their place. */
    private static final class Reader {
        private final Map<AdapterId, byte[]> entries = new HashMap<>();
        private long sequence;
        private boolean behind;

        void add(Row row) {
            if (entries.isEmpty()) {
                sequence = required(row, "sequence", Long.class);
                behind = sequence != required(row, "entries_at", Long.class);
            }
            String tenant = row.get(2, String.class);
            String name = row.get(3, String.class);
            String entry = row.get(4, String.class);
            if (tenant != null && name != null && entry != null) {
                entries.put(new AdapterId(tenant, name), entry.getBytes(StandardCharsets.UTF_8));
            }
        }

        Optional<PublishedNames> names() {
            return behind ? Optional.empty() : Optional.of(new PublishedNames(sequence, entries));
        }
    }
}
