package dev.weft.grammar.place;

import dev.weft.grammar.scan.Scan;
import org.jspecify.annotations.Nullable;

/**
 * A place in a text.
 *
 * @param scan the state within the lexeme
 * @param before bytes of the lexeme before the last one, if bytes that were read as another lexeme
 *     turn out to be this one's; else 0
 */
public record Position(Spot spot, Scan scan, int before) {
    /** A place at whose last byte the lexeme began, or that lies further within it. */
    public Position(Spot spot, Scan scan) {
        this(spot, scan, 0);
    }

    /**
     * Goes on with a byte that begins a lexeme here.
     *
     * @param trail ends with that byte
     * @return null if the byte is not allowed
     */
    public @Nullable Position feed(int b, Trail trail) {
        Scan next = scan.next(b);
        if (next.isDead()) {
            return null;
        }
        return next.isExit()
                ? spot.exit(scan, b, trail, trail.length() - 1)
                : new Position(spot, next);
    }

    /** About how many bytes the answer needs to end; a guess that tells ways on apart. */
    public int left() {
        return mayEnd() ? 0 : scan.left() + spot.left(scan);
    }

    /** Whether the answer may end here. */
    public boolean mayEnd() {
        return spot.mayEnd(scan);
    }
}
