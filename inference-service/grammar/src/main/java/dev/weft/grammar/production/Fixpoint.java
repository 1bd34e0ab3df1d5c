package dev.weft.grammar.production;

import dev.weft.grammar.budget.WorkBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A property that a rule has if its texts and the rules that it calls have it. */
public final class Fixpoint {
    private final List<Part> bodies;
    private final Predicate<Part.Text> text;
    private final WorkBudget budget;
    private final boolean[] holds;

    private Fixpoint(List<Part> bodies, Predicate<Part.Text> text, WorkBudget budget) {
        this.bodies = bodies;
        this.text = text;
        this.budget = budget;
        this.holds = new boolean[bodies.size()];
    }

    /**
     * For each rule, whether the property holds. It holds for a sequence if it holds for all parts,
     * for a choice if it holds for one of them, and always for an optional part.
     */
    public static boolean[] of(List<Part> bodies, Predicate<Part.Text> text, WorkBudget budget) {
        Fixpoint fixpoint = new Fixpoint(bodies, text, budget);
        fixpoint.run();
        return fixpoint.holds;
    }

    private void run() {
        List<List<Integer>> callers = new ArrayList<>();
        bodies.forEach(_ -> callers.add(new ArrayList<>()));
        ArrayDeque<Integer> open = new ArrayDeque<>();
        for (int rule = 0; rule < bodies.size(); rule++) {
            open.add(rule);
            for (int called : CalledRules.in(bodies.get(rule))) {
                callers.get(called).add(rule);
            }
        }
        while (!open.isEmpty()) {
            int rule = open.remove();
            if (!holds[rule] && holds(bodies.get(rule))) {
                holds[rule] = true;
                open.addAll(callers.get(rule));
            }
        }
    }

    private boolean holds(Part part) {
        budget.spend(1);
        return switch (part) {
            case Part.Text one -> text.test(one);
            case Part.Call call -> holds[call.rule()];
            case Part.Sequence sequence -> sequence.parts().stream().allMatch(this::holds);
            case Part.Either either -> either.parts().stream().anyMatch(this::holds);
            case Part.Repeated repeated -> repeated.min() == 0 || holds(repeated.part());
        };
    }
}
