package dev.weft.catalog.feed;

/**
 * A change as it stands in the log and goes over the wire.
 *
 * @param kind name of the SSE event
 * @param data JSON on one line
 */
public record FeedEvent(long sequence, String kind, String data) {}
