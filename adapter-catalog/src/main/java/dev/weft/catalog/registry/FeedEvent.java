package dev.weft.catalog.registry;

import dev.weft.model.feed.CatalogEvent;
import dev.weft.model.feed.FeedCodec;

/**
 * An event as it goes over the wire.
 *
 * @param kind name of the SSE event
 * @param data JSON on one line
 */
public record FeedEvent(long sequence, String kind, String data) {
    static FeedEvent of(CatalogEvent event) {
        return new FeedEvent(event.sequence(), FeedCodec.eventName(event), FeedCodec.encode(event));
    }
}
