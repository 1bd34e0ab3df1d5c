package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds a state's {@linkplain Room room} without walking through it: from the parts of an
 * expression, and from bytes that lead from a state back to itself.
 */
final class RoomSearch {
    private static final int FAR = 1 << 28;

    /** Parts of an alternative that are looked at. */
    private static final int MOST_PARTS = 8;

    /** Steps of a search for a match. */
    private static final int MOST_STEPS = 32;

    /** Letters to try: if many lead back, one of these does. */
    private static final String PROBES = "eEt0 ";

    private static final Loop NONE = new Loop(ByteSet.NONE, 0, 0, 0, null, false);

    private final Expressions pool;
    private final Derivatives derivatives;
    private final Expression plain;
    private final Expression beyond;
    private final Map<Expression, Loop> ofCharacters = new HashMap<>();

    /**
     * Characters that may follow in any order. Each text of them that is not too short or too long
     * is a match if {@code behind} follows it.
     *
     * @param ascii the characters in ASCII
     * @param marks for the characters beyond ASCII, as {@link Room} has them
     * @param least fewest characters of a match
     * @param most most characters that may follow
     * @param behind what matches behind them; null for the empty text
     * @param all whether each text is a match, and not only one of those that begin alike
     */
    private record Loop(
            ByteSet ascii,
            long marks,
            int least,
            int most,
            @Nullable Expression behind,
            boolean all) {
        boolean isNone() {
            return most <= 0 || ascii.isEmpty();
        }
    }

    RoomSearch(Expressions pool, Derivatives derivatives) {
        this.pool = pool;
        this.derivatives = derivatives;
        this.beyond = pool.codePoints(0x80, Character.MAX_CODE_POINT);
        CodePointSet others = new CodePointSet().add(0, 0x7F);
        for (int[] odd : Room.ODD_RANGES) {
            others.add(odd[0], odd[1]);
        }
        this.plain = others.negated().expression(pool);
    }

    /** The room behind a live expression. */
    Room of(Expression e) {
        Loop found = find(e);
        return Room.of(found.ascii, found.marks, found.most);
    }

    private Loop find(Expression e) {
        pool.budget().spend(1);
        Loop counted =
                switch (e.kind) {
                    case REPEAT -> repeated(e, null);
                    case CONCAT ->
                            e.parts[0].kind == Expression.Kind.REPEAT
                                    ? repeated(e.parts[0], e.parts[1])
                                    : NONE;
                    case OR -> widest(e);
                    case AND -> all(e);
                    case EMPTY, EPSILON, BYTES, NOT, MULTIPLE -> NONE;
                };
        return counted.isNone() ? back(e) : counted;
    }

    private Loop repeated(Expression e, @Nullable Expression behind) {
        Loop one = characters(e.parts[0]);
        int most = e.max == Expression.UNBOUNDED ? FAR : e.max;
        return new Loop(one.ascii, one.marks, e.min, most, behind, true);
    }

    /** Characters each of which an expression matches. */
    private Loop characters(Expression e) {
        Loop known = ofCharacters.get(e);
        if (known == null) {
            known =
                    new Loop(
                            ascii(derivatives.behind(e), one -> one.nullable),
                            marks(e, one -> one.nullable),
                            0,
                            FAR,
                            null,
                            true);
            ofCharacters.put(e, known);
        }
        return known;
    }

    private static ByteSet ascii(IntFunction<Expression> behind, Predicate<Expression> good) {
        ByteSet ascii = ByteSet.NONE;
        for (int b = ' '; b < 0x80; b++) {
            if (good.test(behind.apply(b))) {
                ascii = ascii.or(ByteSet.range(b, b));
            }
        }
        return ascii;
    }

    /**
     * The marks of characters beyond ASCII.
     *
     * @param good whether a character may lead to an expression
     */
    private long marks(Expression from, Predicate<Expression> good) {
        if (!leads(plain, from, good, new HashSet<>())) {
            return 0;
        }
        return leads(beyond, from, good, new HashSet<>()) ? Room.PLAIN | Room.ODD : Room.PLAIN;
    }

    private record Pair(Expression character, Expression state) {}

    private boolean leads(
            Expression character, Expression from, Predicate<Expression> good, Set<Pair> seen) {
        if (!seen.add(new Pair(character, from))) {
            return true;
        }
        pool.budget().spend(4);
        IntFunction<Expression> behind = derivatives.behind(from);
        for (int b = 0x80; b < 0x100; b++) {
            Expression next = pool.step(character, b);
            if (!next.isEmpty()) {
                Expression state = behind.apply(b);
                boolean goes =
                        next.nullable
                                ? good.test(state)
                                : !state.isEmpty() && leads(next, state, good, seen);
                if (!goes) {
                    return false;
                }
            }
        }
        return true;
    }

    private Loop widest(Expression e) {
        Loop best = NONE;
        for (int i = 0; i < Math.min(MOST_PARTS, e.parts.length); i++) {
            Expression part = e.parts[i];
            Loop one = part.kind == Expression.Kind.BYTES ? NONE : find(part);
            if (one.ascii.size() > best.ascii.size()
                    && !one.isNone()
                    && derivatives.isLiveSoon(part)) {
                best = one;
            }
        }
        return best;
    }

    private Loop all(Expression e) {
        List<Expression> others = new ArrayList<>();
        int least = 0;
        int most = FAR;
        int refused = 0;
        for (Expression part : e.parts) {
            if (pool.counts(part)) {
                least = Math.max(least, part.min);
                most = part.max == Expression.UNBOUNDED ? most : Math.min(most, part.max);
            } else if (part.kind == Expression.Kind.NOT && part.parts[0].finite) {
                refused = (int) Math.min(FAR, (long) refused + part.parts[0].words);
            } else {
                others.add(part);
            }
        }
        if (others.size() == e.parts.length) {
            return NONE;
        }
        Loop own = others.isEmpty() ? characters(pool.character()) : find(pool.and(others));
        if (own.isNone() || !own.all || (refused > 0 && own.ascii.size() < 2)) {
            return NONE;
        }
        // after this many characters, some match is not one of the refused texts
        int varied = 0;
        for (long texts = 1; texts <= refused; texts *= own.ascii.size()) {
            varied++;
        }
        int rest = most == FAR || own.behind == null ? 0 : rest(own.behind);
        boolean fits =
                rest >= 0 && least <= Math.min(most, own.most) && (long) own.least + rest <= most;
        int room = Math.min(own.most, most - rest) - varied;
        return new Loop(
                own.ascii,
                own.marks,
                Math.max(own.least, least),
                fits ? room : 0,
                own.behind,
                refused == 0);
    }

    /** Bytes that lead back to the same expression: any number of them may follow. */
    private Loop back(Expression e) {
        IntFunction<Expression> behind = derivatives.behind(e);
        boolean some = false;
        for (int i = 0; !some && i < PROBES.length(); i++) {
            some = behind.apply(PROBES.charAt(i)) == e;
        }
        return some
                ? new Loop(
                        ascii(behind, one -> one == e), marks(e, one -> one == e), 0, FAR, e, true)
                : NONE;
    }

    /** Bytes of a match, which are at least its characters; -1 if none is found soon. */
    private int rest(Expression start) {
        Map<Expression, Integer> lengths = new HashMap<>(Map.of(start, 0));
        PriorityQueue<Expression> open =
                new PriorityQueue<>(
                        Comparator.comparingInt(
                                (Expression e) -> lengths.getOrDefault(e, 0) + e.shortest));
        open.add(start);
        for (int i = 0; i < MOST_STEPS && !open.isEmpty(); i++) {
            Expression e = open.remove();
            int length = lengths.getOrDefault(e, 0);
            if (e.nullable || !e.complex) {
                return length + e.shortest;
            }
            for (Derivatives.Derived d : derivatives.of(e)) {
                if (lengths.putIfAbsent(d.e(), length + 1) == null) {
                    open.add(d.e());
                }
            }
        }
        return -1;
    }
}
