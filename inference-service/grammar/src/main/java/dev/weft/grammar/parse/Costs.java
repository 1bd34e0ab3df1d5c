package dev.weft.grammar.parse;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.production.Part;
import dev.weft.grammar.production.Productions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The least bytes that texts need, as far as their expressions tell it without a search. It shows
 * which way leads to an end.
 */
final class Costs {
    private static final int MUCH = 1 << 24;

    /** Bytes that a text behind ignored text counts as. */
    private static final int RESTART = 1;

    private final WorkBudget budget;

    /** {@code [rules]}: the least bytes of each rule. */
    private final int[] rules;

    Costs(Productions productions, WorkBudget budget) {
        this.budget = budget;
        List<Part> bodies = productions.bodies();
        rules = new int[bodies.size()];
        Arrays.fill(rules, MUCH);
        boolean better = true;
        while (better) {
            better = false;
            for (int rule = 0; rule < rules.length; rule++) {
                int cost = of(bodies.get(rule));
                better |= cost < rules[rule];
                rules[rule] = Math.min(cost, rules[rule]);
            }
        }
    }

    /** The least bytes of the rest of an answer. */
    int of(ParseState state) {
        if (state.complete()) {
            return 0;
        }
        int[] least = {MUCH};
        state.forEach((text, link) -> {
            int behind =
                    switch (link) {
                        case Link.Continue on -> sum(of(on.rest), of(on.frame));
                        case Link.Restart _ -> RESTART;
                    };
            least[0] = Math.min(least[0], sum(text.shortest(), behind));
        });
        return least[0];
    }

    private int of(Part part) {
        budget.spend(1);
        return switch (part) {
            case Part.Text text -> Math.min(MUCH, text.bytes().shortest());
            case Part.Call call -> rules[call.rule()];
            case Part.Sequence sequence -> {
                int all = 0;
                for (Part one : sequence.parts()) {
                    all = sum(all, of(one));
                }
                yield all;
            }
            case Part.Either either -> {
                int least = MUCH;
                for (Part one : either.parts()) {
                    least = Math.min(least, of(one));
                }
                yield least;
            }
            case Part.Repeated repeated -> times(repeated.min(), of(repeated.part()));
        };
    }

    private int of(Rest start) {
        int all = 0;
        Rest rest = start;
        while (rest != null && rest.part != null) {
            budget.spend(1);
            Part part = rest.part instanceof Part.Repeated repeated ? repeated.part() : rest.part;
            all = sum(all, times(rest.min, of(part)));
            rest = rest.tail;
        }
        return all;
    }

    private int of(@Nullable Frame frame) {
        if (frame == null) {
            return 0;
        }
        if (frame.cost < 0) {
            find(frame);
        }
        return frame.cost;
    }

    /** Frames may wait for each other, so their costs go down until nothing changes. */
    private void find(Frame start) {
        Set<Frame> unknown = new LinkedHashSet<>();
        ArrayDeque<Frame> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            Frame frame = open.remove();
            if (frame.cost < 0 && unknown.add(frame)) {
                for (Link.Continue link : frame.links()) {
                    open.add(link.frame);
                }
            }
        }
        unknown.forEach(frame -> frame.cost = frame.root ? 0 : MUCH);
        boolean better = true;
        while (better) {
            better = false;
            for (Frame frame : unknown) {
                budget.spend(frame.links().length);
                for (Link.Continue link : frame.links()) {
                    int cost = sum(of(link.rest), link.frame.cost);
                    better |= cost < frame.cost;
                    frame.cost = Math.min(cost, frame.cost);
                }
            }
        }
    }

    private static int sum(int a, int b) {
        return Math.min(MUCH, a + b);
    }

    private static int times(int count, int each) {
        return (int) Math.min(MUCH, (long) count * each);
    }
}
