package dev.weft.catalog.feed;

import dev.weft.catalog.adapter.AdapterTable;
import dev.weft.catalog.database.Rows;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.FeedCodec;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The statements on {@code feed_entries}, which has what each name leads to, from its newest event.
 * A row is written within the transaction of the event, under the lock of {@code feed_position}.
 */
final class EntryTable {
    /** Rows that one statement inserts. */
    private static final int BATCH = 500;

    /** Rows that the driver holds at a time. */
    private static final int FETCHED = 1_000;

    private EntryTable() {}

    static void put(JdbcClient tx, CatalogEntry entry) {
        String json = text(FeedCodec.encodeEntry(entry));
        int known =
                tx.sql(
                                """
                                UPDATE feed_entries SET entry = :entry
                                WHERE tenant = :tenant AND name = :name
                                """)
                        .param("entry", json)
                        .param("tenant", entry.id().tenant())
                        .param("name", entry.id().name())
                        .update();
        if (known == 0) {
            insert(tx, List.of(entry));
        }
    }

    static void remove(JdbcClient tx, AdapterId id) {
        tx.sql("DELETE FROM feed_entries WHERE tenant = :tenant AND name = :name")
                .param("tenant", id.tenant())
                .param("name", id.name())
                .update();
    }

    /**
     * All rows, read by one statement and so of one moment; empty if the table is behind. Names
     * that are being made ready are read after that moment: if one changes in between, a later
     * event tells it.
     */
    static Optional<PublishedNames> all(JdbcClient tx) {
        Reader reader = new Reader();
        tx.sql(
                        """
                        SELECT p.sequence, p.entries_at, e.tenant, e.name, e.entry
                        FROM feed_position p
                        LEFT JOIN feed_entries e ON p.entries_at = p.sequence
                        WHERE p.id = 1
                        """)
                .withFetchSize(FETCHED)
                .query(reader::add);
        List<CatalogBase> bases = KnownBasesQuery.all(tx);
        return reader.behind
                ? Optional.empty()
                : Optional.of(
                        new PublishedNames(
                                EventTable.place(tx, reader.sequence),
                                bases,
                                reader.entries,
                                coming(tx, reader.entries.keySet())));
    }

    /**
     * Names of which a version is being made ready.
     *
     * @param but names to leave out, since they lead to another version
     */
    private static Set<ComingName> coming(JdbcClient tx, Set<AdapterId> but) {
        List<ComingName> coming =
                tx.sql(
                                """
                                SELECT DISTINCT a.tenant, a.name, a.base_id
                                FROM versions v
                                JOIN adapters a ON a.id = v.adapter_id
                                WHERE v.state IN ('Registered', 'Fetching', 'Validating', 'Converting')
                                """)
                        .query((row, _) ->
                                new ComingName(
                                        new AdapterId(
                                                Rows.text(row, "tenant"), Rows.text(row, "name")),
                                        AdapterTable.base(row)))
                        .list();
        Set<ComingName> all = new HashSet<>(coming);
        all.removeIf(name -> but.contains(name.id()));
        return all;
    }

    /** Writes the table again from the versions. Writers of events wait meanwhile. */
    static PublishedNames rebuild(JdbcClient tx) {
        tx.sql("UPDATE feed_position SET entries_at = entries_at WHERE id = 1")
                .update(); // locks the position
        Optional<PublishedNames> meanwhile = all(tx);
        if (meanwhile.isPresent()) {
            return meanwhile.get();
        }
        tx.sql("DELETE FROM feed_entries").update();
        List<CatalogEntry> entries = SnapshotQuery.run(tx).entries();
        for (int from = 0; from < entries.size(); from += BATCH) {
            insert(tx, entries.subList(from, Math.min(entries.size(), from + BATCH)));
        }
        tx.sql("UPDATE feed_position SET entries_at = sequence WHERE id = 1").update();
        return all(tx).orElseThrow();
    }

    private static void insert(JdbcClient tx, List<CatalogEntry> entries) {
        tx.sql(
                        """
                        INSERT INTO feed_entries (tenant, name, entry)
                        SELECT tenant, name, entry
                        FROM UNNEST(
                            CAST(:tenants AS VARCHAR ARRAY),
                            CAST(:names AS VARCHAR ARRAY),
                            CAST(:entries AS VARCHAR ARRAY)) AS given (tenant, name, entry)
                        """)
                .param("tenants", texts(entries, entry -> entry.id().tenant()))
                .param("names", texts(entries, entry -> entry.id().name()))
                .param("entries", texts(entries, entry -> text(FeedCodec.encodeEntry(entry))))
                .update();
    }

    private static String[] texts(
            List<CatalogEntry> entries, Function<CatalogEntry, String> column) {
        return entries.stream().map(column).toArray(String[]::new);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    /**
     * Turns rows into names one by one. There are 100,000 rows, so columns are read by position.
     */
    private static final class Reader {
        private final Map<AdapterId, byte[]> entries = new HashMap<>();
        private long sequence;
        private boolean behind;

        void add(ResultSet row) throws SQLException {
            if (entries.isEmpty()) {
                sequence = row.getLong(1);
                behind = sequence != row.getLong(2);
            }
            String tenant = row.getString(3);
            String name = row.getString(4);
            String entry = row.getString(5);
            if (tenant != null && name != null && entry != null) {
                entries.put(new AdapterId(tenant, name), entry.getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
