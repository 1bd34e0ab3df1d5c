package dev.weft.grammar.notation;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.production.CalledRules;
import dev.weft.grammar.production.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns rules that need no stack into one regular expression. Such rules are sequences, choices and
 * repetitions of texts and of such rules. A rule may also call itself, always at its end or always
 * at its start. Only for grammars in which a text may end anywhere.
 */
final class RegularRules {
    private final Expressions pool;
    private final List<Part> bodies;
    private final boolean[] merged;

    RegularRules(Expressions pool, List<Part> bodies) {
        this.pool = pool;
        this.bodies = new ArrayList<>(bodies);
        this.merged = new boolean[bodies.size()];
    }

    /**
     * The bodies, merged. Rules that others call are merged first, as far as there is such an
     * order.
     */
    List<Part> merged() {
        boolean[] met = new boolean[bodies.size()];
        for (int rule = 0; rule < bodies.size(); rule++) {
            if (!met[rule]) {
                inOrder(rule, met);
            }
        }
        return bodies;
    }

    private record Visit(int rule, Iterator<Integer> calls) {}

    private void inOrder(int start, boolean[] met) {
        ArrayDeque<Visit> visits = new ArrayDeque<>();
        met[start] = true;
        visits.push(new Visit(start, CalledRules.in(bodies.get(start)).iterator()));
        while (!visits.isEmpty()) {
            Visit visit = visits.getFirst();
            pool.budget().spend(1);
            if (visit.calls.hasNext()) {
                int called = visit.calls.next();
                if (!met[called]) {
                    met[called] = true;
                    visits.push(new Visit(called, CalledRules.in(bodies.get(called)).iterator()));
                }
            } else {
                visits.pop();
                bodies.set(visit.rule, rule(visit.rule));
                merged[visit.rule] = true;
            }
        }
    }

    private Part rule(int rule) {
        Part body = merge(bodies.get(rule));
        Part loop = loop(rule, body);
        return loop == null ? body : loop;
    }

    private Part merge(Part part) {
        pool.budget().spend(1);
        return switch (part) {
            case Part.Text text -> text;
            case Part.Call call ->
                    merged[call.rule()] && bodies.get(call.rule()) instanceof Part.Text text
                            ? text
                            : call;
            case Part.Sequence sequence -> sequence(sequence.parts());
            case Part.Either either -> either(either.parts());
            case Part.Repeated repeated -> {
                Part inner = merge(repeated.part());
                if (inner instanceof Part.Text(Expression bytes)) {
                    yield new Part.Text(pool.repeat(bytes, repeated.min(), repeated.max()));
                }
                yield repeated.min() == 0 && repeated.max() == 1
                        ? either(List.of(inner, new Part.Text(pool.epsilon())))
                        : new Part.Repeated(inner, repeated.min(), repeated.max());
            }
        };
    }

    private Part sequence(List<Part> parts) {
        List<Part> flat = new ArrayList<>();
        for (Part part : parts) {
            Part one = merge(part);
            flat.addAll(one instanceof Part.Sequence inner ? inner.parts() : List.of(one));
        }
        List<Part> all = new ArrayList<>();
        for (Part one : flat.reversed()) {
            if (one instanceof Part.Text(Expression bytes)
                    && !all.isEmpty()
                    && all.getLast() instanceof Part.Text(Expression behind)) {
                all.set(all.size() - 1, new Part.Text(pool.concat(bytes, behind)));
            } else {
                all.add(one);
            }
        }
        if (all.isEmpty()) {
            return new Part.Text(pool.epsilon());
        }
        return all.size() == 1 ? all.getFirst() : new Part.Sequence(all.reversed());
    }

    private Part either(List<Part> parts) {
        List<Part> others = new ArrayList<>();
        List<Expression> texts = new ArrayList<>();
        for (Part part : parts) {
            add(merge(part), others, texts);
        }
        if (!texts.isEmpty()) {
            others.add(new Part.Text(pool.or(texts)));
        }
        return others.size() == 1 ? others.getFirst() : new Part.Either(others);
    }

    private static void add(Part part, List<Part> others, List<Expression> texts) {
        switch (part) {
            case Part.Text text -> texts.add(text.bytes());
            case Part.Either inner -> inner.parts().forEach(one -> add(one, others, texts));
            default -> others.add(part);
        }
    }

    /** {@code a ::= x a | y} is {@code x* y}, {@code a ::= a x | y} is {@code y x*}. */
    private @Nullable Part loop(int rule, Part body) {
        if (!(body instanceof Part.Either either)) {
            return null;
        }
        List<Expression> ends = new ArrayList<>();
        List<Expression> before = new ArrayList<>();
        List<Expression> behind = new ArrayList<>();
        for (Part part : either.parts()) {
            if (part instanceof Part.Text(Expression bytes)) {
                ends.add(bytes);
            } else if (part instanceof Part.Sequence(List<Part> two) && two.size() == 2) {
                if (two.get(0) instanceof Part.Text(Expression bytes) && calls(two.get(1), rule)) {
                    before.add(bytes);
                } else if (two.get(1) instanceof Part.Text(Expression bytes)
                        && calls(two.get(0), rule)) {
                    behind.add(bytes);
                } else {
                    return null;
                }
            } else {
                return null;
            }
        }
        if (!before.isEmpty() && !behind.isEmpty()) {
            return null;
        }
        Expression looped =
                pool.repeat(pool.or(before.isEmpty() ? behind : before), 0, Part.UNBOUNDED);
        Expression end = pool.or(ends);
        return new Part.Text(
                before.isEmpty() ? pool.concat(end, looped) : pool.concat(looped, end));
    }

    private static boolean calls(Part part, int rule) {
        return part instanceof Part.Call call && call.rule() == rule;
    }
}
