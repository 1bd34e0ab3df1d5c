package dev.weft.protocol.feed;

import java.nio.ByteBuffer;

/**
 * One event of an event stream.
 *
 * @param id the last id the stream named, empty where none
 * @param event {@code message} where the stream names none
 * @param data lines joined by a line feed; UTF-8 as it came, in an array
 */
record ServerSentEvent(String id, String event, ByteBuffer data) {}
