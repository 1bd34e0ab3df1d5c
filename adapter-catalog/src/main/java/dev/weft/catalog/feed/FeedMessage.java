package dev.weft.catalog.feed;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** What is said to a follower. */
sealed interface FeedMessage {
    /**
     * Its bytes as server-sent events, in pieces that are made when they are asked for. An array is
     * the caller's to keep and nobody's to change.
     */
    Iterator<byte[]> pieces();

    /** The last event that it tells; none where it tells nothing new. */
    OptionalLong sequence();

    /** Nothing new; the line is alive. */
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

    /** A name leads elsewhere now, or to nothing. */
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

    /** All names. */
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

    /** What stands before an event's data, which is one line. */
    static String head(long sequence, String kind) {
        return "id:" + sequence + "\nevent:" + kind + "\ndata:";
    }
}
