package dev.weft.protocol.feed;

import java.nio.ByteBuffer;

/**
 * One event of an event stream.
 *
 * @param id the last id the stream named, empty if none
 * @param event {@code message} if the stream names none
 * @param data lines joined by a line feed; the UTF-8 that came, in an array
 */
record ServerSentEvent(String id, String event, ByteBuffer data) {}
