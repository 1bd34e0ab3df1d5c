package dev.weft.grammar.reply;

import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.AttemptScan;
import dev.weft.grammar.scan.Scan;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place within a text that may become a phrase or another lexeme, which then begins where the
 * phrase did. That lexeme must not need to look back at its beginning.
 */
record AttemptSpot(Behind matched, Supplier<Position> otherwise) implements Spot {
    @Override
    public @Nullable Position exit(Scan scan, int b, Trail trail, int start) {
        AttemptScan attempt = attempt(scan);
        if (attempt.completes(b)) {
            return matched.at(attempt.readWith(b));
        }
        Position behind = replayed(attempt.read(), trail);
        return behind == null ? null : behind.feed(b, trail);
    }

    private @Nullable Position replayed(byte[] read, Trail trail) {
        Position place = otherwise.get();
        for (byte one : read) {
            place = place.feed(one & 0xFF, trail);
            if (place == null) {
                return null;
            }
        }
        return place;
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
        Trail text = new Trail();
        byte[] read = attempt(scan).read();
        text.addAll(read, read.length);
        Position place = replayed(read, text);
        return place != null && place.mayEnd();
    }
}
