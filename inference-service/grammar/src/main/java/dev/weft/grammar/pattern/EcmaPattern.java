package dev.weft.grammar.pattern;

import dev.weft.grammar.expression.CodePointSet;
import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of ECMA-262 as an expression over the UTF-8 of the whole text that it is
 * searched in, or is to match.
 *
 * <p>It is built from its end to its start: each part knows what may follow until the end of the
 * text, so that {@code $} and lookahead are exact. What follows has two forms, one for the start of
 * the text and one for behind it, so that {@code ^} is exact, too.
 */
public final class EcmaPattern {
    private static final int MOST_LENGTH = 20_000;

    /** Most times that a part with an assertion is built; the budget bounds parts within others. */
    private static final int MOST_UNROLLED = 256;

    private final Expressions pool;

    /** Sets as expressions, since a repeated part is built several times. */
    private final IdentityHashMap<CodePointSet, Expression> characters = new IdentityHashMap<>();

    /** What may follow at the start of the text, and behind it. */
    private record Following(Expression atStart, Expression later) {}

    private EcmaPattern(Expressions pool) {
        this.pool = pool;
    }

    /** Every text in which a pattern is found. */
    public static Expression search(Expressions pool, String pattern) throws PatternException {
        Following rest = made(pool, pattern, PatternStyle.ECMA, pool.text());
        if (rest.later.isEmpty()) {
            return rest.atStart;
        }
        if (rest.atStart == rest.later) {
            return rest.later == pool.text() ? pool.text() : pool.concat(pool.text(), rest.later);
        }
        return pool.or(
                rest.atStart,
                pool.concat(pool.repeat(pool.character(), 1, Expression.UNBOUNDED), rest.later));
    }

    /** Every text that a pattern matches as a whole. */
    public static Expression whole(Expressions pool, String pattern) throws PatternException {
        return whole(pool, pattern, PatternStyle.ECMA);
    }

    /**
     * Every text that the pattern of an answer matches as a whole. The pattern may be meant for
     * Python or Rust, so syntax that they read as something else, without refusing it, is refused.
     */
    public static Expression answer(Expressions pool, String pattern) throws PatternException {
        return whole(pool, pattern, PatternStyle.ANSWER);
    }

    private static Expression whole(Expressions pool, String pattern, PatternStyle style)
            throws PatternException {
        return made(pool, pattern, style, pool.epsilon()).atStart;
    }

    private static Following made(
            Expressions pool, String pattern, PatternStyle style, Expression behind)
            throws PatternException {
        if (pattern.length() > MOST_LENGTH) {
            throw new PatternException(true, "it has more than " + MOST_LENGTH + " characters");
        }
        try (PatternSets sets = new PatternSets(pool)) {
            PatternNode parsed = new EcmaParser(pattern, style, sets).parse();
            return new EcmaPattern(pool).build(parsed, new Following(behind, behind));
        }
    }

    /**
     * Every text of a lexer's terminal. Its pattern is read as both Python's {@code re} and Rust's
     * {@code regex} read it. Syntax that they read differently is refused, and so is what looks at
     * the text around.
     *
     * @param ignoreCase whether letters stand for both cases; those of ASCII only for such
     * @param dotAll whether a dot matches a line's end, too
     */
    public static Expression terminal(
            Expressions pool, String pattern, boolean ignoreCase, boolean dotAll)
            throws PatternException {
        return whole(pool, pattern, new PatternStyle(PatternStyle.Of.TERMINAL, ignoreCase, dotAll));
    }

    private Following build(PatternNode node, Following rest) throws PatternException {
        pool.budget().spend(1);
        return switch (node) {
            case PatternNode.One one -> {
                Expression behind = pool.concat(character(one), rest.later);
                yield new Following(behind, behind);
            }
            case PatternNode.Sequence sequence -> {
                Following built = rest;
                for (PatternNode part : sequence.parts().reversed()) {
                    built = build(part, built);
                }
                yield built;
            }
            case PatternNode.Either either -> either(either.parts(), rest);
            case PatternNode.Times times -> times(times, rest);
            case PatternNode.Start _ -> new Following(rest.atStart, pool.empty());
            case PatternNode.End _ -> new Following(ended(rest.atStart), ended(rest.later));
            case PatternNode.Boundary _ ->
                    throw new PatternException(true, "'\\b' and '\\B' are not served");
            case PatternNode.Ahead ahead -> ahead(ahead, rest);
        };
    }

    private Expression character(PatternNode.One one) {
        return characters.computeIfAbsent(one.set(), set -> set.expression(pool));
    }

    private Expression ended(Expression rest) {
        return rest.nullable() ? pool.epsilon() : pool.empty();
    }

    private Following either(List<PatternNode> parts, Following rest) throws PatternException {
        if (parts.stream().noneMatch(EcmaPattern::asserts) && rest.atStart == rest.later) {
            // so that what follows is there only once
            Expression behind = pool.concat(alone(parts), rest.later);
            return new Following(behind, behind);
        }
        Expression atStart = pool.empty();
        Expression later = pool.empty();
        for (PatternNode part : parts) {
            Following built = build(part, rest);
            atStart = pool.or(atStart, built.atStart);
            later = pool.or(later, built.later);
        }
        return new Following(atStart, later);
    }

    private Expression alone(List<PatternNode> parts) throws PatternException {
        List<Expression> all = new ArrayList<>();
        for (PatternNode part : parts) {
            all.add(alone(part));
        }
        return pool.or(all);
    }

    /** The expression of a part that asserts nothing about what is around it. */
    private Expression alone(PatternNode part) throws PatternException {
        return build(part, new Following(pool.epsilon(), pool.epsilon())).later;
    }

    private Following times(PatternNode.Times times, Following rest) throws PatternException {
        if (times.max() == 0) {
            return rest;
        }
        if (asserts(times.part())) {
            return unrolled(times, rest);
        }
        Expression part = alone(times.part());
        Expression later = pool.concat(pool.repeat(part, times.min(), times.max()), rest.later);
        if (rest.atStart == rest.later) {
            return new Following(later, later);
        }
        if (!part.nullable() && times.min() > 0) {
            return new Following(later, later);
        }
        int less = times.max() == Expression.UNBOUNDED ? times.max() : times.max() - 1;
        // at least one character, or none
        Expression one = part.nullable() ? pool.and(part, pool.not(pool.epsilon())) : part;
        Expression some = pool.concat(one, pool.repeat(part, 0, less), rest.later);
        return new Following(pool.or(rest.atStart, some), later);
    }

    private Following unrolled(PatternNode.Times times, Following rest) throws PatternException {
        if (times.max() == Expression.UNBOUNDED || times.max() > MOST_UNROLLED) {
            if (times.part() instanceof PatternNode.Start
                    || times.part() instanceof PatternNode.End
                    || times.part() instanceof PatternNode.Ahead) {
                return times.min() == 0 ? rest : build(times.part(), rest);
            }
            return endless(times, rest);
        }
        Following optional =
                unrolled(
                        times.max() - times.min(),
                        rest,
                        built -> {
                            Following more = build(times.part(), built);
                            return new Following(
                                    pool.or(more.atStart, rest.atStart),
                                    pool.or(more.later, rest.later));
                        });
        return unrolled(times.min(), optional, built -> build(times.part(), built));
    }

    /** Builds a part one time more before what follows. */
    private interface Time {
        Following before(Following built) throws PatternException;
    }

    private static Following unrolled(int times, Following rest, Time one) throws PatternException {
        Following built = rest;
        for (int i = 0; i < times; i++) {
            Following more = one.before(built);
            if (more.equals(built)) {
                // further times would change nothing, either
                return built;
            }
            built = more;
        }
        return built;
    }

    /**
     * A part with an assertion that repeats without a maximum, or too often to be unrolled. Only
     * two forms are served, both without a maximum.
     */
    private Following endless(PatternNode.Times times, Following rest) throws PatternException {
        if (times.max() == Expression.UNBOUNDED) {
            if (assertsOnlyEnds(times.part())) {
                return endingPart(times, rest);
            }
            boolean nothing = rest.later == pool.epsilon() && rest.atStart == rest.later;
            if (nothing && times.min() == 0) {
                Following guarded = guardedCharacters(times.part());
                if (guarded != null) {
                    return guarded;
                }
            }
        }
        throw new PatternException(
                true,
                "'^', '$' and looking ahead are not served in what repeats without end, or more"
                        + " than "
                        + MOST_UNROLLED
                        + " times");
    }

    /** {@code (a($|b))*}: behind a part that stands at the end there are no others. */
    private Following endingPart(PatternNode.Times times, Following rest) throws PatternException {
        Expression plain = alone(withoutEnds(times.part()));
        Expression last = alone(times.part());
        int less = Math.max(0, times.min() - 1);
        Expression open =
                pool.concat(pool.repeat(plain, times.min(), Expression.UNBOUNDED), rest.later);
        Expression closed =
                pool.concat(
                        pool.repeat(plain, less, Expression.UNBOUNDED), last, ended(rest.later));
        Expression both = pool.or(open, closed);
        if (rest.atStart != rest.later) {
            throw new PatternException(true, "'^' is not served behind what repeats");
        }
        return new Following(both, both);
    }

    /** {@code ((?!a).)*$}: no character of the rest of the text is the start of {@code a}. */
    private @Nullable Following guardedCharacters(PatternNode part) throws PatternException {
        if (!(part instanceof PatternNode.Sequence sequence)) {
            return null;
        }
        Expression refused = pool.empty();
        Expression character = null;
        for (PatternNode item : sequence.parts()) {
            if (item instanceof PatternNode.Ahead ahead
                    && ahead.negative()
                    && character == null
                    && !asserts(ahead.part())) {
                refused = pool.or(refused, pool.concat(alone(ahead.part()), pool.text()));
            } else if (item instanceof PatternNode.One one && character == null) {
                character = character(one);
            } else {
                return null;
            }
        }
        if (character == null) {
            return null;
        }
        Expression some = pool.repeat(character, 1, Expression.UNBOUNDED);
        Expression any = pool.repeat(character, 0, Expression.UNBOUNDED);
        Expression wrong = pool.concat(any, pool.and(refused, some));
        Expression all = pool.and(any, pool.not(wrong));
        return new Following(all, all);
    }

    private static boolean assertsOnlyEnds(PatternNode node) {
        return switch (node) {
            case PatternNode.One _, PatternNode.End _ -> true;
            case PatternNode.Sequence sequence ->
                    sequence.parts().stream().allMatch(EcmaPattern::assertsOnlyEnds);
            case PatternNode.Either either ->
                    either.parts().stream().allMatch(EcmaPattern::assertsOnlyEnds);
            case PatternNode.Times times -> !asserts(times.part());
            case PatternNode.Start _, PatternNode.Boundary _, PatternNode.Ahead _ -> false;
        };
    }

    private static PatternNode withoutEnds(PatternNode node) {
        return switch (node) {
            case PatternNode.End _ -> new PatternNode.Either(List.of());
            case PatternNode.Sequence sequence ->
                    new PatternNode.Sequence(
                            sequence.parts().stream().map(EcmaPattern::withoutEnds).toList());
            case PatternNode.Either either ->
                    new PatternNode.Either(
                            either.parts().stream().map(EcmaPattern::withoutEnds).toList());
            default -> node;
        };
    }

    private Following ahead(PatternNode.Ahead ahead, Following rest) throws PatternException {
        Following seen = build(ahead.part(), new Following(pool.text(), pool.text()));
        return new Following(
                pool.and(sign(ahead, seen.atStart), rest.atStart),
                pool.and(sign(ahead, seen.later), rest.later));
    }

    private Expression sign(PatternNode.Ahead ahead, Expression seen) {
        return ahead.negative() ? pool.otherText(seen) : seen;
    }

    private static boolean asserts(PatternNode node) {
        return switch (node) {
            case PatternNode.One _ -> false;
            case PatternNode.Sequence sequence ->
                    sequence.parts().stream().anyMatch(EcmaPattern::asserts);
            case PatternNode.Either either ->
                    either.parts().stream().anyMatch(EcmaPattern::asserts);
            case PatternNode.Times times -> asserts(times.part());
            case PatternNode.Start _,
                    PatternNode.End _,
                    PatternNode.Boundary _,
                    PatternNode.Ahead _ ->
                    true;
        };
    }
}
