package dev.weft.model.feed;

import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.adapter.AdapterId;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Published names with an index by digest. One thread writes, any thread reads. The index may name
 * a little more than is published while a write is under way; readers check it against the names.
 */
final class Names {
    private static final Comparator<AdapterId> BY_ID =
            Comparator.comparing(AdapterId::tenant).thenComparing(AdapterId::name);

    /** Not after any other: ids start with a digit or a letter, and 0 is the first of those. */
    private static final AdapterId FIRST = new AdapterId("0", "0");

    private record Place(AdapterDigest digest, AdapterId id) {
        static final Comparator<Place> ORDER =
                Comparator.comparing(Place::digest).thenComparing(Place::id, BY_ID);
    }

    private final ConcurrentSkipListMap<AdapterId, CatalogEntry> byId =
            new ConcurrentSkipListMap<>(BY_ID);
    private final ConcurrentSkipListSet<Place> places = new ConcurrentSkipListSet<>(Place.ORDER);

    void put(CatalogEntry entry) {
        places.add(new Place(entry.digest(), entry.id()));
        CatalogEntry before = byId.put(entry.id(), entry);
        if (before != null && !before.digest().equals(entry.digest())) {
            places.remove(new Place(before.digest(), before.id()));
        }
    }

    void remove(AdapterId id) {
        CatalogEntry before = byId.remove(id);
        if (before != null) {
            places.remove(new Place(before.digest(), id));
        }
    }

    Optional<CatalogEntry> find(AdapterId id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<CatalogEntry> find(AdapterDigest digest) {
        Iterator<Place> from = places.tailSet(new Place(digest, FIRST)).iterator();
        while (from.hasNext()) {
            Place place = from.next();
            if (!place.digest().equals(digest)) {
                break;
            }
            CatalogEntry entry = byId.get(place.id());
            if (entry != null && entry.digest().equals(digest)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    List<CatalogEntry> all() {
        return List.copyOf(byId.values());
    }

    int size() {
        return byId.size();
    }
}
