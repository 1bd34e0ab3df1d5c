package dev.weft.grammar.reply;

import dev.weft.grammar.place.Place;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.AttemptScan;
import dev.weft.grammar.scan.Scan;
import dev.weft.grammar.walk.TokenWalk;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place within a text that may become a phrase. If it does not, the text is read again from its
 * beginning as another one.
 */
record AttemptSpot(Behind matched, Supplier<Position> otherwise) implements Spot {
    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        AttemptScan attempt = attempt(scan);
        byte[] read = attempt.readWith(b);
        if (attempt.completes(b)) {
            return matched.at(read);
        }
        int begin = trail.length() - read.length;
        Place behind = walked(read, trail, begin);
        trail.cut(begin);
        trail.addAll(read, read.length);
        if (behind == null) {
            return null;
        }
        Position at = behind.position();
        return new Position(at.spot(), at.scan(), trail.length() - 1 - behind.start());
    }

    private @Nullable Place walked(byte[] read, Trail trail, int begin) {
        trail.cut(begin);
        return TokenWalk.walk(trail, Place.of(otherwise.get(), begin, begin), read);
    }

    private static AttemptScan attempt(Scan scan) {
        if (scan instanceof AttemptScan attempt) {
            return attempt;
        }
        throw new IllegalStateException("no scan of an attempt");
    }

    @Override
    public int left() {
        return Math.min(matched.left(), otherwise.get().left());
    }

    @Override
    public boolean mayEnd(Scan scan) {
        Place place = walked(attempt(scan).read(), new Trail(), 0);
        return place != null && place.mayEnd();
    }
}
