package dev.weft.grammar.schema;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.rule.ValueRule;
import java.util.HashSet;
import java.util.Set;

/** Finds rules that lead back to themselves for the same value. */
final class ReferenceCircles {
    private final WorkBudget budget;

    /** Rules that are known to lead to no circle. */
    private final Set<ValueRule> acyclic = new HashSet<>();

    ReferenceCircles(WorkBudget budget) {
        this.budget = budget;
    }

    /** Whether a rule leads to one that leads back to itself. */
    boolean has(ValueRule rule) {
        return has(rule, new HashSet<>());
    }

    private boolean has(ValueRule rule, Set<ValueRule> path) {
        budget.spend(1);
        if (acyclic.contains(rule)) {
            return false;
        }
        if (!path.add(rule)) {
            return true;
        }
        boolean cyclic = rule.target != null && has(rule.target, path);
        for (ValueRule part : rule.parts) {
            cyclic = cyclic || has(part, path);
        }
        if (rule.assertion instanceof SchemaAssertion own) {
            for (ValueRule part : own.inPlace) {
                cyclic = cyclic || has(part, path);
            }
        }
        path.remove(rule);
        if (!cyclic) {
            acyclic.add(rule);
        }
        return cyclic;
    }
}
