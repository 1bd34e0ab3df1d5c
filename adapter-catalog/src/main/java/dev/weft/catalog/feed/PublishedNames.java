package dev.weft.catalog.feed;

import dev.weft.protocol.adapter.AdapterId;
import java.util.Collections;
import java.util.Map;

/**
 * All names that lead to something, in no order.
 *
 * @param sequence the position of the feed for which this is true
 * @param entries what each name leads to, as {@link dev.weft.protocol.feed.FeedCodec#encodeEntry}
 *     writes it; neither the map nor the arrays are copied, since there may be 100,000
 */
public record PublishedNames(long sequence, Map<AdapterId, byte[]> entries) {
    public PublishedNames {
        entries = Collections.unmodifiableMap(entries);
    }
}
