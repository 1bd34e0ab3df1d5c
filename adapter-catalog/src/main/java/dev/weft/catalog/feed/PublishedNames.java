package dev.weft.catalog.feed;

import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogBase;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * All names that lead to something, in no order.
 *
 * @param sequence the position of the feed for which this is true
 * @param bases in the order of their ids
 * @param entries what each name leads to, as {@link dev.weft.protocol.feed.FeedCodec#encodeEntry}
 *     writes it; neither the map nor the arrays are copied, since there may be 100,000
 */
public record PublishedNames(
        long sequence, List<CatalogBase> bases, Map<AdapterId, byte[]> entries) {
    public PublishedNames {
        bases = List.copyOf(bases);
        entries = Collections.unmodifiableMap(entries);
    }
}
