package dev.weft.catalog.feed;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.ComingName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All names that lead to something, in no order.
 *
 * @param at the position of the feed for which this is true
 * @param bases in the order of their ids
 * @param entries what each name leads to, as {@link dev.weft.protocol.feed.FeedCodec#encodeEntry}
 *     writes it; neither the map nor the arrays are copied, since there may be 100,000
 * @param coming names that lead to nothing yet, and of which a version is being made ready
 */
public record PublishedNames(
        FeedPlace at,
        List<CatalogBase> bases,
        Map<AdapterId, byte[]> entries,
        Set<ComingName> coming) {
    public PublishedNames {
        bases = List.copyOf(bases);
        entries = Collections.unmodifiableMap(entries);
        coming = Set.copyOf(coming);
    }

    public long sequence() {
        return at.sequence();
    }
}
