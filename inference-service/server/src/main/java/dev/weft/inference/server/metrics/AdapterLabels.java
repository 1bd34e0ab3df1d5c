package dev.weft.inference.server.metrics;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names of adapters in metrics: those of the catalog, as clients of the default tenant write them.
 * Any thread.
 *
 * @param base served name of the base
 */
record AdapterLabels(CatalogView names, String base) {
    /** Label of an adapter that no name leads to any more. */
    static final String UNKNOWN = "unknown";

    /** Label of all adapters without a label of their own. */
    static final String OTHER = "other";

    /** The one label of an adapter, or of the base (null); versions of one name share it. */
    String of(@Nullable AdapterDigest adapter) {
        if (adapter == null) {
            return base;
        }
        List<CatalogEntry> entries = names.entries(adapter);
        return entries.stream()
                .filter(entry -> isOwn(entry, adapter))
                .findFirst()
                .or(() -> entries.stream().findFirst())
                .map(AdapterLabels::written)
                .orElse(UNKNOWN);
    }

    /** All names that lead to an adapter: requests name it by any of them. */
    List<String> all(AdapterDigest adapter) {
        return names.entries(adapter).stream().map(AdapterLabels::written).toList();
    }

    /** An adapter's own name, not that of an alias. */
    private static boolean isOwn(CatalogEntry entry, AdapterDigest adapter) {
        return entry.pinned(adapter)
                .filter(version -> version.adapter().equals(entry.id()))
                .isPresent();
    }

    private static String written(CatalogEntry entry) {
        AdapterId id = entry.id();
        return id.tenant().equals(AdapterId.DEFAULT_TENANT)
                ? id.name()
                : id.tenant() + '/' + id.name();
    }
}
