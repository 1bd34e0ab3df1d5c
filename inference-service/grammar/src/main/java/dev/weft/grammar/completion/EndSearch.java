package dev.weft.grammar.completion;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.place.Place;
import dev.weft.grammar.place.Trail;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A search for a short ending. It always goes on to the place that seems nearest to an end, and
 * goes back only if there is no way on. What it finds from a place does not depend on what was
 * found before.
 */
final class EndSearch {
    /** Places that a search looks at. */
    private static final int MOST_PLACES = 20_000;

    /** Places that were left again, as they led nowhere. */
    private static final int MOST_BACK = 400;

    /** Places within which an answer has to come nearer to its end, as far as is guessed. */
    private static final int MOST_WITHOUT_PROGRESS = 48;

    /** Bytes of an ending. */
    private static final int MOST_BYTES = 200_000;

    private final Endings endings;
    private final WorkBudget budget;
    private final Trail trail;
    private final ArrayDeque<PlaceWays> way = new ArrayDeque<>();

    /** Places on the way, and places that led nowhere. */
    private final Set<Endings.Key> seen = new HashSet<>();

    EndSearch(Endings endings, WorkBudget budget, Trail trail) {
        this.endings = endings;
        this.budget = budget;
        this.trail = trail;
    }

    @Nullable Ending from(Place start) {
        if (start.position().scan().left() > PlaceWays.MOST_OF_LEXEME) {
            return null;
        }
        enter(start);
        int back = 0;
        for (int places = 1; !way.isEmpty() && places < MOST_PLACES && back < MOST_BACK; ) {
            PlaceWays here = way.getLast();
            PlaceWays.Way next = here.next(trail);
            if (next == null) {
                way.removeLast();
                back++;
                continue;
            }
            trail.cut(here.place().length());
            trail.addAll(next.text(), next.text().length);
            Ending known = endings.known(trail, next.behind());
            if (known != null) {
                return allTheWay(known);
            }
            if (here.stalled() < MOST_WITHOUT_PROGRESS
                    && next.behind().length() - start.length() < MOST_BYTES
                    && enter(next.behind())) {
                places++;
            }
        }
        return null;
    }

    /** Goes on at a place at which the trail ends; false if it is known already. */
    private boolean enter(Place place) {
        budget.spend(4);
        if (!seen.add(Endings.Key.of(trail, place))) {
            return false;
        }
        way.addLast(new PlaceWays(place, way.peekLast()));
        return true;
    }

    /** The ending from the start: the texts taken on the way, and a known ending behind them. */
    private Ending allTheWay(Ending last) {
        Ending ending = last;
        while (!way.isEmpty()) {
            PlaceWays before = way.removeLast();
            ending = Ending.of(before.taken(), ending);
            trail.cut(before.place().length());
            endings.keep(trail, before.place(), ending);
        }
        return ending;
    }
}
