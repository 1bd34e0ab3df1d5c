package dev.weft.grammar.completion;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.place.Place;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.walk.TokenWalk;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Endings from the places of a grammar, each found once. Each ending is walked to its end, so it is
 * right; it is the shortest if the places' guesses are good.
 */
public final class Endings {
    private static final int MOST_KEPT = 20_000;
    private static final int BYTES_OF_KEPT = 200;

    private final Expressions pool;
    private final Map<Key, Ending> kept = new HashMap<>();
    private long held;

    /**
     * Places from which answers end alike.
     *
     * @param own what counts of the lexeme's text
     */
    record Key(Position position, String own) {
        /** The key of a place at which a trail ends. */
        static Key of(Trail trail, Place place) {
            return new Key(place.position(), place.position().spot().own(trail, place.start()));
        }
    }

    /** None found yet. */
    public Endings(Expressions pool) {
        this.pool = pool;
    }

    /**
     * A short ending from a place.
     *
     * @param trail ends at the place
     * @return null if none was found within the bounds of a search
     */
    public @Nullable Ending from(Trail trail, Place place) {
        Ending found = likely(trail, place);
        if (found == null || !place.position().spot().looksBack() || leads(trail, place, found)) {
            return found;
        }
        // it was found for a lexeme that only seemed to be like this one
        Ending own = search(trail, place);
        return own == null || !leads(trail, place, own) ? null : own;
    }

    /**
     * As {@link #from}, but an ending that was found for a lexeme like this one is not walked
     * again.
     */
    public @Nullable Ending likely(Trail trail, Place place) {
        Ending known = known(trail, place);
        return known == null ? search(trail, place) : known;
    }

    private @Nullable Ending search(Trail trail, Place place) {
        try {
            return new EndSearch(this, pool.budget(), trail).from(place);
        } finally {
            trail.cut(place.length());
        }
    }

    private static boolean leads(Trail trail, Place place, Ending ending) {
        Place end = TokenWalk.walk(trail, place, ending.bytes());
        trail.cut(place.length());
        return end != null && end.mayEnd();
    }

    /** What is known without a search. */
    @Nullable Ending known(Trail trail, Place place) {
        return place.ended() || place.mayEnd() ? Ending.NONE : kept.get(Key.of(trail, place));
    }

    void keep(Trail trail, Place place, Ending ending) {
        if (kept.size() >= MOST_KEPT) {
            kept.clear();
            pool.hold(-held);
            held = 0;
        }
        long bytes = BYTES_OF_KEPT + (long) ending.text().length;
        pool.hold(bytes);
        held += bytes;
        kept.put(Key.of(trail, place), ending);
    }
}
