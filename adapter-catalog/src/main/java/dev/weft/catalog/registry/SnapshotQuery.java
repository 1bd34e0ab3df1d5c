package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.required;

import dev.weft.catalog.database.Transaction;
import dev.weft.model.adapter.AdapterId;
import dev.weft.model.adapter.Audience;
import dev.weft.model.feed.CatalogEntry;
import dev.weft.model.feed.CatalogEvent;
import dev.weft.model.feed.ServedVersion;
import dev.weft.model.feed.Share;
import io.r2dbc.spi.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All names and what they lead to, with the position that is true for: one statement, one view. A
 * row is a version that is ready, once for each alias that points at it.
 */
final class SnapshotQuery {
    private static final String SQL =
            "SELECT p.sequence, "
                    + VersionReader.COLUMNS
                    + ", a.current_version, a.shared_with, own.id AS own_alias, t.place, t.weight,"
                    + " al.id AS alias, al.name AS alias_name FROM feed_position p"
                    + " LEFT JOIN versions v ON v.state = 'Ready'"
                    + " LEFT JOIN adapters a ON a.id = v.adapter_id"
                    + " LEFT JOIN aliases own ON own.tenant = a.tenant AND own.name = a.live_name"
                    + " LEFT JOIN alias_targets t"
                    + " ON t.adapter_id = v.adapter_id AND t.number = v.number"
                    + " LEFT JOIN aliases al ON al.id = t.alias_id"
                    + " WHERE p.id = 1 ORDER BY v.id DESC, al.id";

    private SnapshotQuery() {}

    static CatalogEvent.Snapshot run(Transaction tx) {
        List<Line> lines = tx.query(SQL, SnapshotQuery::line);
        Fold fold = new Fold();
        for (Line line : lines) {
            Found found = line.version();
            if (found != null) {
                fold.add(found);
            }
        }
        return new CatalogEvent.Snapshot(lines.getFirst().sequence(), fold.entries());
    }

    /** Rows to names. */
    private static final class Fold {
        private static final Comparator<CatalogEntry> BY_NAME =
                Comparator.comparing((CatalogEntry e) -> e.id().tenant())
                        .thenComparing(e -> e.id().name());

        /** By number; the newest came first, as {@link VersionTable#of} has it. */
        private final Map<AdapterId, Map<Integer, Share>> own = new HashMap<>();

        /** By place. */
        private final Map<AdapterId, Map<Integer, Share>> aliases = new HashMap<>();

        private final Map<AdapterId, Audience> audiences = new HashMap<>();

        void add(Found found) {
            ServedVersion version = found.version();
            audiences.put(version.adapter(), found.audience());
            own.computeIfAbsent(version.adapter(), _ -> new LinkedHashMap<>())
                    .merge(
                            version.number(),
                            new Share(version, found.ownWeight()),
                            (a, b) -> a.weight() >= b.weight() ? a : b);
            Pointer pointer = found.alias();
            if (pointer != null) {
                aliases.computeIfAbsent(pointer.alias(), _ -> new TreeMap<>())
                        .put(pointer.place(), new Share(version, pointer.weight()));
            }
        }

        List<CatalogEntry> entries() {
            List<CatalogEntry> entries = new ArrayList<>();
            own.forEach((id, shares) -> entries.add(entry(id, shares, audience(id))));
            aliases.forEach((id, shares) -> {
                Audience audience =
                        shares.values().stream()
                                .map(share -> audience(share.version().adapter()))
                                .reduce(Audience.EVERYONE, Audience::and);
                entries.add(entry(id, shares, audience));
            });
            entries.sort(BY_NAME);
            return entries;
        }

        private Audience audience(AdapterId adapter) {
            return audiences.getOrDefault(adapter, Audience.NOBODY);
        }

        private static CatalogEntry entry(
                AdapterId id, Map<Integer, Share> shares, Audience audience) {
            return new CatalogEntry(id, List.copyOf(shares.values()), audience);
        }
    }

    private record Line(long sequence, @Nullable Found version) {}

    /**
     * @param ownWeight what its own name gives it, as far as this row tells
     * @param alias another name that points at it
     */
    private record Found(
            ServedVersion version, Audience audience, int ownWeight, @Nullable Pointer alias) {}

    private record Pointer(AdapterId alias, int place, int weight) {}

    private static Line line(Row row) {
        long sequence = required(row, "sequence", Long.class);
        if (row.get("id", Long.class) == null) {
            return new Line(sequence, null);
        }
        Version version = VersionReader.read(row);
        Long own = row.get("own_alias", Long.class);
        Long alias = row.get("alias", Long.class);
        int weight = alias == null ? 0 : required(row, "weight", Integer.class);
        boolean governed = alias != null && alias.equals(own);
        int ownWeight =
                own == null
                        ? Long.valueOf(version.id()).equals(row.get("current_version", Long.class))
                                ? 1
                                : 0
                        : governed ? weight : 0;
        Pointer pointer =
                alias == null || governed
                        ? null
                        : new Pointer(
                                new AdapterId(
                                        version.adapter().tenant(),
                                        required(row, "alias_name", String.class)),
                                required(row, "place", Integer.class),
                                weight);
        return new Line(
                sequence,
                new Found(
                        Publication.served(version),
                        AdapterTable.audience(row),
                        ownWeight,
                        pointer));
    }
}
