package dev.weft.inference.server.metrics;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogView;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
        return adapter == null ? base : own(adapter).getFirst();
    }

    /**
     * Names under which an adapter was registered; several if the same content was registered under
     * each. If there are none, one by which it is known, else {@link #UNKNOWN}.
     */
    List<String> own(AdapterDigest adapter) {
        List<CatalogEntry> entries = names.entries(adapter);
        List<String> own =
                entries.stream()
                        .filter(entry -> isOwn(entry, adapter))
                        .map(this::written)
                        .distinct()
                        .toList();
        return own.isEmpty()
                ? List.of(entries.stream().findFirst().map(this::written).orElse(UNKNOWN))
                : own;
    }

    /** All names that lead to an adapter: requests name it by any of them. */
    List<String> all(AdapterDigest adapter) {
        return names.entries(adapter).stream().map(this::written).toList();
    }

    /** An adapter's own name, not that of an alias. */
    private static boolean isOwn(CatalogEntry entry, AdapterDigest adapter) {
        return entry.pinned(adapter)
                .filter(version -> version.adapter().equals(entry.id()))
                .isPresent();
    }

    /**
     * The name as gateways write it. Names and tenants may have slashes, so that {@code acme/sql}
     * may mean two: the first in the order of {@link #readings} has it, others have a colon, which
     * no name has, behind the tenant.
     */
    private String written(CatalogEntry entry) {
        AdapterId id = entry.id();
        String plain = plain(id);
        boolean taken =
                plain.equals(base)
                        || readings(plain)
                                .filter(other -> plain.equals(plain(other)) && isKnown(other))
                                .findFirst()
                                .filter(first -> !first.equals(id))
                                .isPresent();
        return taken ? id.tenant() + ":" + id.name() : plain;
    }

    /** A name that equals another label is written with its tenant. */
    private String plain(AdapterId id) {
        String name = id.name();
        boolean taken = name.equals(UNKNOWN) || name.equals(OTHER) || name.equals(base);
        return taken ? id.withTenant() : id.written();
    }

    private boolean isKnown(AdapterId id) {
        return names.find(id).isPresent();
    }

    /** What may be written so: the default tenant's first, then those of the shortest tenants. */
    private static Stream<AdapterId> readings(String text) {
        Stream<AdapterId> ours =
                AdapterId.isName(text) ? Stream.of(AdapterId.of(text)) : Stream.empty();
        Stream<AdapterId> theirs =
                IntStream.range(0, text.length())
                        .filter(at -> text.charAt(at) == '/')
                        .mapToObj(at -> split(text, at))
                        .flatMap(Optional::stream);
        return Stream.concat(ours, theirs);
    }

    private static Optional<AdapterId> split(String text, int slash) {
        String tenant = text.substring(0, slash);
        String name = text.substring(slash + 1);
        return AdapterId.isName(tenant) && AdapterId.isName(name)
                ? Optional.of(new AdapterId(tenant, name))
                : Optional.empty();
    }
}
