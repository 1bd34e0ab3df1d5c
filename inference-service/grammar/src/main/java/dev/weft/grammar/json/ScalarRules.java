package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.json.container.Feasibility;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a condition on a value says about strings and numbers: one expression that decides what may
 * follow and, if the condition is more than a single goal, one for each of its goals.
 */
final class ScalarRules {
    private final ValueRules rules;
    private final Feasibility feasibility;

    ScalarRules(ValueRules rules, Feasibility feasibility) {
        this.rules = rules;
        this.feasibility = feasibility;
    }

    /** The goals of a condition, each once. */
    private List<ValueRule> goals(Condition condition) {
        Set<ValueRule> goals = new LinkedHashSet<>();
        collect(condition, goals);
        return List.copyOf(goals);
    }

    private void collect(Condition condition, Set<ValueRule> goals) {
        rules.pool.budget().spend(1);
        if (condition.goal != null) {
            goals.add(condition.goal);
        } else if (condition.hasGoal) {
            for (Condition part : condition.parts) {
                collect(part, goals);
            }
        }
    }

    List<Expression> strings(Condition value) {
        Expression text = rules.pool.text();
        List<ValueRule> goals = value.goal == null ? goals(value) : List.of();
        // a text may be valid because it misses a goal, so goals have to be decided
        Expression decided = rules.decidedByAll(goals);
        List<Expression> all = all(value, goals, rules::string, text);
        if (!decided.equals(text)) {
            all.set(0, liveOrEmpty(rules.pool.and(all.getFirst(), decided)));
        }
        return all;
    }

    List<Expression> numbers(Condition value) {
        if (value.goal != null) {
            return List.of(rules.number(value.goal).written());
        }
        if (value.isTrue()) {
            return List.of(rules.numbers.all().written());
        }
        List<ValueRule> goals = goals(value);
        Expression decided = rules.numbers.decided(goals.stream().map(rules::number).toList());
        List<Expression> all =
                all(value, goals, goal -> rules.numbers.known(rules.number(goal)), decided);
        if (!all.getFirst().equals(decided)) {
            all.set(0, liveOrEmpty(rules.pool.and(all.getFirst(), decided)));
        }
        // which goals the number is for is not known yet: an integer suits all of them
        if (goals.stream().anyMatch(goal -> rules.number(goal).bare())) {
            all.set(0, liveOrEmpty(rules.pool.and(all.getFirst(), rules.numbers.bareOrBroken())));
        }
        return all;
    }

    private List<Expression> all(
            Condition value,
            List<ValueRule> goals,
            Function<ValueRule, Expression> of,
            Expression within) {
        List<Expression> all = new ArrayList<>();
        all.add(liveOrEmpty(fold(value, true, of, within)));
        goals.forEach(goal -> all.add(of.apply(goal)));
        return all;
    }

    private Expression liveOrEmpty(Expression e) {
        return rules.pool.isLive(e) ? e : rules.pool.empty();
    }

    /**
     * One expression for a condition. If it depends on what is not known yet, it matches more than
     * the condition allows if {@code more}, else less.
     */
    private Expression fold(
            Condition c, boolean more, Function<ValueRule, Expression> of, Expression within) {
        rules.pool.budget().spend(1);
        return switch (c.op) {
            case TRUE -> within;
            case FALSE -> rules.pool.empty();
            case GOAL -> c.goal == null ? within : of.apply(c.goal);
            case RULE, OUTER -> {
                boolean holds = more ? feasibility.canHold(c) : !feasibility.canFail(c);
                yield holds ? within : rules.pool.empty();
            }
            case NOT -> rules.pool.and(within, rules.pool.not(fold(c.parts[0], !more, of, within)));
            case AND -> conjunction(folded(c, more, of, within), within);
            case OR -> rules.pool.or(folded(c, more, of, within));
            case ONE -> {
                if (!c.hasOuter) {
                    yield rules.exactlyOne(folded(c, more, of, within), within);
                }
                yield more ? rules.pool.or(folded(c, true, of, within)) : rules.pool.empty();
            }
        };
    }

    /** The conjunction of some expressions. Each is part of {@code within}, which is left out. */
    private Expression conjunction(List<Expression> all, Expression within) {
        List<Expression> narrower = all.stream().filter(e -> !e.equals(within)).toList();
        return narrower.isEmpty() ? within : rules.pool.and(narrower);
    }

    private List<Expression> folded(
            Condition c, boolean more, Function<ValueRule, Expression> of, Expression within) {
        List<Expression> all = new ArrayList<>();
        for (Condition part : c.parts) {
            all.add(fold(part, more, of, within));
        }
        return all;
    }

    /** What is left of a condition behind a scalar, by the states that match there. */
    Condition outcome(Condition value, List<Expression> states) {
        if (value.goal != null) {
            return rules.conditions.of(states.getFirst().nullable());
        }
        List<ValueRule> goals = goals(value);
        return rules.conditions.replace(
                value,
                leaf ->
                        leaf.goal == null
                                ? leaf
                                : rules.conditions.of(
                                        states.get(1 + goals.indexOf(leaf.goal)).nullable()));
    }

    /**
     * What is left of a condition within a scalar that has begun: goals that it can't reach are
     * false.
     */
    Condition possible(Condition value, List<Expression> states) {
        List<ValueRule> goals = goals(value);
        return rules.conditions.replace(
                value,
                leaf ->
                        leaf.goal != null && states.get(1 + goals.indexOf(leaf.goal)).isEmpty()
                                ? rules.conditions.no()
                                : leaf);
    }

    /** What is left of a condition behind null, true or false. */
    Condition outcome(Condition value, int constant) {
        return rules.conditions.replace(
                value,
                leaf ->
                        leaf.goal == null
                                ? leaf
                                : rules.conditions.of(
                                        (rules.constants(leaf.goal) & constant) != 0));
    }
}
