package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Published names with an index by digest. One thread writes, any thread reads. During a write the
 * index may name a little more than is published; readers check it against the names.
 */
final class Names {
    private static final Comparator<AdapterId> BY_ID =
            Comparator.comparing(AdapterId::tenant).thenComparing(AdapterId::name);

    /** The least id: ids start with a digit or a letter, and 0 is the first of those. */
    private static final AdapterId FIRST = new AdapterId("0", "0");

    private record Place(AdapterDigest digest, AdapterId id) {
        static final Comparator<Place> ORDER =
                Comparator.comparing(Place::digest).thenComparing(Place::id, BY_ID);
    }

    private final ConcurrentSkipListMap<AdapterId, CatalogEntry> byId =
            new ConcurrentSkipListMap<>(BY_ID);
    private final ConcurrentSkipListSet<Place> places = new ConcurrentSkipListSet<>(Place.ORDER);

    void put(CatalogEntry entry) {
        entry.shares().forEach(share -> places.add(place(entry, share)));
        CatalogEntry before = byId.put(entry.id(), entry);
        if (before != null) {
            before.shares().stream()
                    .filter(share -> entry.pinned(share.version().digest()).isEmpty())
                    .forEach(share -> places.remove(place(before, share)));
        }
    }

    void remove(AdapterId id) {
        CatalogEntry before = byId.remove(id);
        if (before != null) {
            before.shares().forEach(share -> places.remove(place(before, share)));
        }
    }

    private static Place place(CatalogEntry entry, Share share) {
        return new Place(share.version().digest(), entry.id());
    }

    Optional<CatalogEntry> find(AdapterId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The first name, in order, that leads to {@code digest} and that {@code allowed} admits. */
    Optional<CatalogEntry> find(AdapterDigest digest, Predicate<CatalogEntry> allowed) {
        return leadingTo(digest).filter(allowed).findFirst();
    }

    /**
     * The versions with {@code digest}, in the order of the names that lead to them and that {@code
     * allowed} admits.
     */
    List<ServedVersion> versions(AdapterDigest digest, Predicate<CatalogEntry> allowed) {
        return leadingTo(digest)
                .filter(allowed)
                .flatMap(entry -> entry.pinned(digest).stream())
                .toList();
    }

    /** All names, in order, that lead to {@code digest}. */
    List<CatalogEntry> all(AdapterDigest digest) {
        return leadingTo(digest).toList();
    }

    private Stream<CatalogEntry> leadingTo(AdapterDigest digest) {
        return places.tailSet(new Place(digest, FIRST)).stream()
                .takeWhile(place -> place.digest().equals(digest))
                .flatMap(place -> Optional.ofNullable(byId.get(place.id())).stream())
                .filter(entry -> entry.pinned(digest).isPresent());
    }

    /**
     * The one version, of those that count, that names lead to by weight; stops at a second digest.
     */
    Optional<ServedVersion> sole(Predicate<ServedVersion> counts) {
        ServedVersion sole = null;
        for (CatalogEntry entry : byId.values()) {
            for (Share share : entry.shares()) {
                ServedVersion version = share.version();
                if (share.weight() == 0 || !counts.test(version)) {
                    continue;
                }
                if (sole != null && !sole.digest().equals(version.digest())) {
                    return Optional.empty();
                }
                sole = version;
            }
        }
        return Optional.ofNullable(sole);
    }

    List<CatalogEntry> all() {
        return List.copyOf(byId.values());
    }

    int size() {
        return byId.size();
    }
}
