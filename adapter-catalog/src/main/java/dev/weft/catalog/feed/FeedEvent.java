package dev.weft.catalog.feed;

/**
 * A change as the log stores it and the feed sends it.
 *
 * @param kind name of the SSE event
 * @param data JSON on one line
 */
public record FeedEvent(long sequence, String kind, String data) {}
