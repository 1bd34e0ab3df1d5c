package dev.weft.catalog.feed;

import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.ComingName;
import dev.weft.protocol.feed.FeedCodec;
import dev.weft.protocol.sse.EventWriter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * All names at a position of the feed. It shares its entries with other snapshots, so followers
 * that come together cost little more than one.
 *
 * @param entries JSON of each name, as {@link FeedCodec#encodeEntry} writes it
 * @param coming names that lead to nothing yet, and of which a version is being made ready
 */
record Snapshot(
        FeedPlace at, List<CatalogBase> bases, List<byte[]> entries, Set<ComingName> coming) {
    /** The least size of every piece except the last, in bytes. */
    private static final int PIECE = 64 << 10;

    Snapshot {
        bases = List.copyOf(bases);
        entries = List.copyOf(entries);
        coming = Set.copyOf(coming);
    }

    long sequence() {
        return at.sequence();
    }

    /** The event's bytes in pieces, never all at once: 100,000 adapters take 45 MB. */
    Iterator<byte[]> pieces() {
        return new Pieces();
    }

    private final class Pieces implements Iterator<byte[]> {
        private final Iterator<byte[]> left = entries.iterator();
        private boolean begun;
        private boolean ended;

        @Override
        public boolean hasNext() {
            return !ended;
        }

        @Override
        public byte[] next() {
            if (ended) {
                throw new NoSuchElementException();
            }
            EventWriter piece = FeedMessage.writer(PIECE + (PIECE >> 3));
            if (!begun) {
                piece.id(at.id()).event(FeedCodec.SNAPSHOT).data();
                piece.writeBytes(utf8(FeedCodec.snapshotHead(sequence(), bases, coming)));
            }
            while (left.hasNext() && piece.size() < PIECE) {
                if (begun) {
                    piece.write(',');
                }
                begun = true;
                piece.writeBytes(left.next());
            }
            if (!left.hasNext()) {
                ended = true;
                piece.writeBytes(utf8(FeedCodec.SNAPSHOT_TAIL));
                piece.end();
            }
            return piece.toByteArray();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
