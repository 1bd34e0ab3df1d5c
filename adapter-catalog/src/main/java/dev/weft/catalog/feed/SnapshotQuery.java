package dev.weft.catalog.feed;

import dev.weft.catalog.adapter.AdapterTable;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.version.Version;
import dev.weft.catalog.version.VersionReader;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads all names, what they lead to, and the matching position, by one statement and so in one
 * view. A row is a ready version, once for each alias that points at it.
 */
final class SnapshotQuery {
    /** The number of rows that the driver holds at a time. */
    private static final int FETCHED = 1_000;

    private SnapshotQuery() {}

    static CatalogEvent.Snapshot run(JdbcClient tx) {
        Fold fold = new Fold(KnownBasesQuery.all(tx));
        tx.sql(
                        """
                        SELECT p.sequence, v.id, v.number, a.tenant, a.name, v.source, v.repo,
                            v.resolved_revision, v.digest, v.lora_rank, v.lora_alpha, v.rs_lora,
                            v.modules, v.dtype, v.parameters, v.task, v.ready_at, a.current_version,
                            a.shared_with, a.base_id, own.id AS own_alias,
                            own.revision AS own_revision, t.place, t.weight, al.id AS alias,
                            al.name AS alias_name, al.revision AS alias_revision
                        FROM feed_position p
                        LEFT JOIN versions v ON v.state = 'Ready'
                        LEFT JOIN adapters a ON a.id = v.adapter_id
                        LEFT JOIN aliases own ON own.tenant = a.tenant AND own.name = a.live_name
                        LEFT JOIN alias_targets t
                            ON t.adapter_id = v.adapter_id AND t.number = v.number
                        LEFT JOIN aliases al ON al.id = t.alias_id
                        WHERE p.id = 1
                        ORDER BY v.id DESC, al.id
                        """)
                .withFetchSize(FETCHED)
                .query(fold::add);
        return fold.snapshot();
    }

    /** Turns rows into names one by one. */
    private static final class Fold {
        private static final Comparator<CatalogEntry> BY_NAME =
                Comparator.comparing((CatalogEntry e) -> e.id().tenant())
                        .thenComparing(e -> e.id().name());

        /** Shares by version number, the newest first, as in {@link VersionTable#of}. */
        private final Map<AdapterId, Map<Integer, Share>> own = new HashMap<>();

        /** Shares by their place in the alias. */
        private final Map<AdapterId, Map<Integer, Share>> aliases = new HashMap<>();

        private final Map<AdapterId, Audience> audiences = new HashMap<>();

        /** Revisions of all aliases, including those with an adapter's name. */
        private final Map<AdapterId, Long> revisions = new HashMap<>();

        private final List<CatalogBase> bases;
        private long sequence;

        private Fold(List<CatalogBase> bases) {
            this.bases = bases;
        }

        void add(ResultSet row) throws SQLException {
            sequence = row.getLong("sequence");
            Long version = Rows.longOrNull(row, "id");
            if (version != null) {
                version(row, version);
            }
        }

        private void version(ResultSet row, long id) throws SQLException {
            ServedVersion version = served(row);
            audiences.put(version.adapter(), AdapterTable.audience(row));
            Long ownAlias = Rows.longOrNull(row, "own_alias");
            if (ownAlias != null) {
                revisions.put(version.adapter(), row.getLong("own_revision"));
            }
            Long alias = Rows.longOrNull(row, "alias");
            int weight = alias == null ? 0 : row.getInt("weight");
            boolean governed = alias != null && alias.equals(ownAlias);
            boolean current = Long.valueOf(id).equals(Rows.longOrNull(row, "current_version"));
            int ownWeight = ownAlias == null ? current ? 1 : 0 : governed ? weight : 0;
            own.computeIfAbsent(version.adapter(), _ -> new LinkedHashMap<>(2))
                    .merge(
                            version.number(),
                            new Share(version, ownWeight),
                            (a, b) -> a.weight() >= b.weight() ? a : b);
            if (alias != null && !governed) {
                AdapterId name = aliasId(row, version);
                revisions.put(name, row.getLong("alias_revision"));
                aliases.computeIfAbsent(name, _ -> new TreeMap<>())
                        .put(row.getInt("place"), new Share(version, weight));
            }
        }

        private static AdapterId aliasId(ResultSet row, ServedVersion version) throws SQLException {
            return new AdapterId(version.adapter().tenant(), Rows.text(row, "alias_name"));
        }

        private static ServedVersion served(ResultSet row) throws SQLException {
            Content content = VersionReader.content(row);
            return new ServedVersion(
                    VersionReader.adapter(row),
                    row.getInt("number"),
                    content.digest(),
                    content.facts(),
                    Version.Origin.root(
                            Rows.text(row, "source"),
                            Rows.text(row, "repo"),
                            row.getString("resolved_revision")),
                    content.ready(),
                    AdapterTable.base(row));
        }

        CatalogEvent.Snapshot snapshot() {
            List<CatalogEntry> entries = new ArrayList<>(own.size() + aliases.size());
            own.forEach((id, shares) -> entries.add(entry(id, shares, audience(id))));
            aliases.forEach((id, shares) -> {
                Audience audience =
                        shares.values().stream()
                                .map(share -> audience(share.version().adapter()))
                                .reduce(Audience.EVERYONE, Audience::and);
                entries.add(entry(id, shares, audience));
            });
            entries.sort(BY_NAME);
            return new CatalogEvent.Snapshot(sequence, bases, entries, Set.of());
        }

        private Audience audience(AdapterId adapter) {
            return audiences.getOrDefault(adapter, Audience.NOBODY);
        }

        private CatalogEntry entry(AdapterId id, Map<Integer, Share> shares, Audience audience) {
            return new CatalogEntry(
                    id, List.copyOf(shares.values()), audience, revisions.getOrDefault(id, 0L));
        }
    }
}
