package dev.weft.grammar.completion;

import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.place.Place;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Spot;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.scan.Scan;
import dev.weft.grammar.walk.TokenWalk;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    /** Beginnings from which an ending was found. */
    private final Set<Position> ending = new HashSet<>();

    private long held;

    /**
     * Places from which answers end alike.
     *
     * @param around the likeness of what stands around the lexeme
     * @param own the part of the lexeme's text that counts
     */
    record Key(Object around, Scan scan, String own) {
        /** The key of a place at which a trail ends. */
        static Key of(Trail trail, Place place) {
            Spot spot = place.position().spot();
            return new Key(
                    spot.likeness(), place.position().scan(), spot.own(trail, place.start()));
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

    /** Whether an ending is found for a part of an answer. */
    public boolean haveAny(Position begin) {
        if (!ending.contains(begin)) {
            if (from(new Trail(), Place.of(begin, 0, 0)) == null) {
                return false;
            }
            ending.add(begin);
        }
        return true;
    }

    private @Nullable Ending search(Trail trail, Place place) {
        try {
            return new EndSearch(this, pool.budget(), trail).from(place);
        } finally {
            trail.cut(place.length());
        }
    }

    private boolean leads(Trail trail, Place place, Ending ending) {
        try {
            return walks(trail, place, ending);
        } finally {
            trail.cut(place.length());
        }
    }

    /**
     * Whether an ending can be walked to its end, or to a place from which its rest is known
     * already.
     */
    private boolean walks(Trail trail, Place place, Ending ending) {
        Place at = place;
        for (Ending part = ending; part != null; part = part.rest()) {
            at = TokenWalk.walk(trail, at, part.text());
            if (at == null) {
                return false;
            }
            Spot spot = at.position().spot();
            Ending rest = part.rest();
            boolean alike = rest != null && !spot.likeness().equals(spot);
            if (alike && Objects.equals(rest, known(trail, at))) {
                return true;
            }
        }
        return at.mayEnd();
    }

    /** The ending that is known without a search; null if there is none. */
    @Nullable Ending known(Trail trail, Place place) {
        if (place.ended() || place.mayEnd()) {
            return Ending.NONE;
        }
        Ending found = kept.get(Key.of(trail, place));
        return found == null || suits(found, place.position().spot().apart()) ? found : null;
    }

    /**
     * Whether an ending surely has none of some texts. One that spells characters by escapes might.
     */
    private static boolean suits(Ending ending, List<String> apart) {
        if (apart.isEmpty()) {
            return true;
        }
        String text = new String(ending.bytes(), StandardCharsets.UTF_8);
        return text.indexOf('\\') < 0 && apart.stream().noneMatch(key -> text.contains(key));
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
