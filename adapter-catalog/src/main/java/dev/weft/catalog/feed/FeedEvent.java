package dev.weft.catalog.feed;

/**
 * A change as the log stores it and the feed sends it.
 *
 * @param at its place in the log
 * @param kind name of the SSE event
 * @param data JSON on one line
 */
public record FeedEvent(FeedPlace at, String kind, String data) {
    public long sequence() {
        return at.sequence();
    }
}
