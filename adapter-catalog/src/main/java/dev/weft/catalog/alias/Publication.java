package dev.weft.catalog.alias;

import dev.weft.catalog.adapter.AdapterRow;
import dev.weft.catalog.adapter.AdapterTable;
import dev.weft.catalog.feed.EventTable;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.catalog.version.AliasTarget;
import dev.weft.catalog.version.Version;
import dev.weft.catalog.version.VersionTable;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tells the feed what names lead to, within the transaction that changed it. An event has the whole
 * state of a name, so a follower needs only the last one. {@link SnapshotQuery} gives the same for
 * all names at once.
 */
final class Publication {
    private Publication() {}

    /** Tells of the adapter's own name, and of aliases that point at one of {@code numbers}. */
    static void refresh(JdbcClient tx, AdapterRow adapter, Set<Integer> numbers) {
        tell(tx, adapter.adapter(), own(tx, adapter));
        for (AliasRow alias : AliasTable.pointingAt(tx, adapter)) {
            boolean touched =
                    AliasTable.targets(tx, alias).stream()
                            .anyMatch(t ->
                                    t.adapter().equals(adapter.adapter().name())
                                            && numbers.contains(t.version()));
            if (touched && !alias.alias().equals(adapter.adapter())) {
                tell(tx, alias.alias(), of(tx, alias));
            }
        }
    }

    /**
     * Tells that the alias has changed, or is gone if {@code deleted}. The caller holds the locks
     * of the adapters that it leads to.
     */
    static void refresh(JdbcClient tx, AliasRow alias, boolean deleted) {
        Optional<AdapterRow> sameName = AdapterTable.find(tx, alias.alias());
        if (sameName.isPresent()) {
            tell(tx, alias.alias(), own(tx, sameName.get()));
        } else {
            tell(tx, alias.alias(), deleted ? Optional.empty() : of(tx, alias));
        }
    }

    private static ServedVersion served(AdapterRow adapter, Version version) {
        var content =
                version.content()
                        .orElseThrow(() -> new IllegalStateException(version + " has no content"));
        Integer number = version.number();
        if (number == null) {
            throw new IllegalStateException(version + " has no number");
        }
        return new ServedVersion(
                version.adapter(),
                number,
                content.digest(),
                content.facts(),
                version.origin().root(),
                content.ready(),
                adapter.servedBase());
    }

    private static void tell(JdbcClient tx, AdapterId name, Optional<CatalogEntry> entry) {
        entry.ifPresentOrElse(
                found -> EventTable.published(tx, found),
                () -> EventTable.withdrawn(tx, name, coming(tx, name)));
    }

    private static @Nullable ComingName coming(JdbcClient tx, AdapterId name) {
        return AdapterTable.find(tx, name)
                .filter(adapter -> VersionTable.working(tx, adapter.id()) > 0)
                .map(AdapterRow::coming)
                .orElse(null);
    }

    /**
     * Tells that a name is coming, if it leads to nothing and the version that was just registered
     * is its only unfinished one.
     */
    static void coming(JdbcClient tx, AdapterRow adapter) {
        if (VersionTable.working(tx, adapter.id()) == 1 && own(tx, adapter).isEmpty()) {
            EventTable.coming(tx, adapter.adapter(), coming(tx, adapter.adapter()));
        }
    }

    /**
     * Tells that a name is not coming any more, if it leads to nothing and no version is
     * unfinished.
     */
    static void settled(JdbcClient tx, AdapterRow adapter) {
        if (VersionTable.working(tx, adapter.id()) == 0 && own(tx, adapter).isEmpty()) {
            EventTable.coming(tx, adapter.adapter(), null);
        }
    }

    private static Optional<CatalogEntry> own(JdbcClient tx, AdapterRow adapter) {
        Map<Integer, Integer> weights = new HashMap<>();
        Optional<AliasRow> governing = AliasTable.find(tx, adapter.adapter());
        governing.ifPresent(alias ->
                AliasTable.targets(tx, alias).forEach(t -> weights.put(t.version(), t.weight())));
        List<Share> shares = new ArrayList<>();
        for (Version version : VersionTable.of(tx, adapter.id())) {
            if (version.lifecycle() instanceof Lifecycle.Ready) {
                ServedVersion served = served(adapter, version);
                boolean current = Long.valueOf(version.id()).equals(adapter.currentVersion());
                int weight =
                        governing.isPresent()
                                ? weights.getOrDefault(served.number(), 0)
                                : current ? 1 : 0;
                shares.add(new Share(served, weight));
            }
        }
        long revision = governing.map(AliasRow::revision).orElse(0L);
        return entry(adapter.adapter(), shares, adapter.audience(), revision);
    }

    private static Optional<CatalogEntry> of(JdbcClient tx, AliasRow alias) {
        List<Share> shares = new ArrayList<>();
        Audience audience = Audience.EVERYONE;
        for (AliasTarget target : AliasTable.targets(tx, alias)) {
            AdapterId id = new AdapterId(alias.alias().tenant(), target.adapter());
            Optional<AdapterRow> adapter = AdapterTable.find(tx, id);
            Optional<Version> version =
                    adapter.flatMap(row -> VersionTable.live(tx, row.id(), target.version()))
                            .filter(found -> found.lifecycle() instanceof Lifecycle.Ready);
            if (adapter.isPresent() && version.isPresent()) {
                shares.add(new Share(served(adapter.get(), version.get()), target.weight()));
                audience = audience.and(adapter.get().audience());
            }
        }
        return entry(alias.alias(), shares, audience, alias.revision());
    }

    private static Optional<CatalogEntry> entry(
            AdapterId name, List<Share> shares, Audience audience, long revision) {
        return shares.isEmpty()
                ? Optional.empty()
                : Optional.of(new CatalogEntry(name, shares, audience, revision));
    }
}
