package dev.weft.catalog.feed;

import java.nio.charset.StandardCharsets;
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
        private static final byte[] COMMENT = ":alive\n\n".getBytes(StandardCharsets.UTF_8);

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
            String text = head(event.sequence(), event.kind()) + event.data() + "\n\n";
            return List.of(text.getBytes(StandardCharsets.UTF_8)).iterator();
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

    /** The text before an event's data, which is one line. */
    static String head(long sequence, String kind) {
        return "id:" + sequence + "\nevent:" + kind + "\ndata:";
    }
}
