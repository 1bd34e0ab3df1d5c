package dev.weft.grammar;

import dev.weft.grammar.completion.Ending;
import dev.weft.grammar.completion.Endings;
import dev.weft.grammar.place.Gate;
import dev.weft.grammar.place.Place;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.walk.TokenVocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes one answer end within a number of tokens. There is always a plan: tokens that were walked
 * to an end. A token is allowed if it is the plan's next one, or if a plan that fits was found
 * behind it. The grammar's lock is held.
 */
final class EndBound implements Gate {
    /** Bytes that a string may need behind a token before its quote may come. */
    private static final int WITHIN_CHARACTER = 12;

    /**
     * Most bytes with which an ending spells one byte of a token: an escaped line end has 2 in a
     * token and 6 in an ending.
     */
    private static final int MOST_SPELLED = 3;

    /**
     * Most places that one mask looks at. Tokens that lead to further places are left out of it.
     */
    private static final int MOST_OPENED = 300;

    private final Endings endings;
    private final TokenVocabulary vocabulary;
    private final IntPredicate usable;
    private final boolean everyByte;

    /** Tokens that may still come, one that ends the answer included. */
    private int left;

    private EndPlan plan;

    /** The plans before each token that was accepted. */
    private final List<EndPlan> before = new ArrayList<>();

    /** The places that one mask has looked at, and whether a plan fits there. */
    private final Map<Opened, Boolean> opened = new HashMap<>();

    private @Nullable Position last;
    private boolean lastOpen;

    /** A place behind a token, and the part of its lexeme's text that counts. */
    private record Opened(Position position, String own) {}

    private EndBound(
            Endings endings,
            TokenVocabulary vocabulary,
            IntPredicate usable,
            int left,
            EndPlan plan) {
        this.endings = endings;
        this.vocabulary = vocabulary;
        this.usable = usable;
        this.everyByte = vocabulary.spellsEveryByte(usable);
        this.left = left;
        this.plan = plan;
    }

    /** A bound from a place on; null if no end of the answer is found that the tokens spell. */
    static @Nullable EndBound of(
            Endings endings,
            TokenVocabulary vocabulary,
            IntPredicate usable,
            int left,
            Trail trail,
            Place place) {
        Ending ending = endings.from(trail, place);
        if (ending == null) {
            return null;
        }
        EndPlan plan = new EndPlan(ending, vocabulary, usable);
        return plan.needed() < 0 ? null : new EndBound(endings, vocabulary, usable, left, plan);
    }

    /** Tokens of the shortest end that was found, one that ends the answer included. */
    int needed() {
        return plan.needed();
    }

    /**
     * The plan behind a token.
     *
     * @param trail ends with the token
     * @return null if the answer might not end in time
     */
    @Nullable EndPlan behind(int token, Trail trail, Place behind) {
        EndPlan own = fitting(trail, behind);
        return own == null && plan.first() == token ? plan.behindFirst() : own;
    }

    private @Nullable EndPlan fitting(Trail trail, Place behind) {
        Ending ending = endings.from(trail, behind);
        return ending == null ? null : fits(ending);
    }

    /** The answer goes on with a token. */
    void accept(EndPlan behind) {
        before.add(plan);
        plan = behind;
        left--;
    }

    /** The answer has ended. */
    void end() {
        accept(plan);
    }

    /**
     * The answer has moved though no token came. A plan of the new place replaces the old one if it
     * fits.
     */
    void moved(Trail trail, Place to) {
        Ending ending = endings.from(trail, to);
        EndPlan found = ending == null ? null : new EndPlan(ending, vocabulary, usable);
        plan = found != null && found.fits(left, everyByte) ? found : plan;
    }

    /** Undoes accepted tokens. */
    void rollback(int tokens) {
        for (int i = 0; i < tokens; i++) {
            plan = before.removeLast();
            left++;
        }
    }

    /**
     * Begins a mask. Returns the plan's next token, which the caller marks; -1 if there is none.
     */
    int beginMask() {
        opened.clear();
        last = null;
        return plan.first();
    }

    @Override
    public boolean isOpen(Trail trail, Place behind) {
        Position position = behind.position();
        boolean looksBack = position.spot().looksBack();
        if (!looksBack
                && last != null
                && position.scan().equals(last.scan())
                && position.spot().equals(last.spot())) {
            return lastOpen;
        }
        boolean open = opensKnown(trail, behind, position);
        last = looksBack ? null : position;
        lastOpen = open;
        return open;
    }

    private boolean opensKnown(Trail trail, Place behind, Position position) {
        Opened key = new Opened(position, position.spot().own(trail, behind.start()));
        Boolean known = opened.get(key);
        if (known == null) {
            Ending ending = opened.size() < MOST_OPENED ? endings.likely(trail, behind) : null;
            known = ending != null && fits(ending) != null;
            opened.put(key, known);
        }
        return known;
    }

    private @Nullable EndPlan fits(Ending ending) {
        EndPlan found = new EndPlan(ending, vocabulary, usable);
        return found.fits(left - 1, everyByte) ? found : null;
    }

    @Override
    public boolean isWide(Trail trail, Place behind, boolean repeats) {
        Ending ending = endings.from(trail, behind);
        int again = repeats ? MOST_SPELLED * vocabulary.longest() : 0;
        return everyByte && ending != null && ending.length() + WITHIN_CHARACTER + again < left - 1;
    }
}
