package dev.weft.catalog.feed;

import dev.weft.protocol.sse.EventWriter;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** A message to a follower. */
sealed interface FeedMessage {
    /**
     * Its bytes as server-sent events, in pieces that are made on demand. The caller may keep an
     * array; nobody may change it.
     */
    Iterator<byte[]> pieces();

    /** The last event that it contains; empty if it has nothing new. */
    OptionalLong sequence();

    /** A heartbeat: nothing is new. */
    record Alive() implements FeedMessage {
        // with the empty line that ends an event
        private static final byte[] COMMENT = writer(16).comment("alive\n").toByteArray();

        @Override
        public Iterator<byte[]> pieces() {
            return List.of(COMMENT).iterator();
        }

        @Override
        public OptionalLong sequence() {
            return OptionalLong.empty();
        }
    }

    /** A change: a name leads elsewhere now, or to nothing. */
    record Change(FeedEvent event) implements FeedMessage {
        @Override
        public Iterator<byte[]> pieces() {
            EventWriter text =
                    writer(512).id(event.at().id()).event(event.kind()).data(event.data());
            return List.of(text.toByteArray()).iterator();
        }

        @Override
        public OptionalLong sequence() {
            return OptionalLong.of(event.sequence());
        }
    }

    /** A snapshot of all names. */
    record Everything(Snapshot snapshot) implements FeedMessage {
        @Override
        public Iterator<byte[]> pieces() {
            return snapshot.pieces();
        }

        @Override
        public OptionalLong sequence() {
            return OptionalLong.of(snapshot.sequence());
        }
    }

    /** A writer of messages: without spaces, as followers have always seen them. */
    static EventWriter writer(int size) {
        return new EventWriter(size, false);
    }
}
