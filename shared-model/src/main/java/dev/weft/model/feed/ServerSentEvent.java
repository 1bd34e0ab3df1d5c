package dev.weft.model.feed;

/**
 * One event of an event stream.
 *
 * @param id the last id the stream named, empty where none
 * @param event {@code message} where the stream names none
 * @param data lines joined by a line feed
 */
record ServerSentEvent(String id, String event, String data) {}
