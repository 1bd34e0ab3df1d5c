package dev.weft.grammar.json.container;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.expression.Utf8Text;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.Conditions;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What rules of containers say about one member. */
public final class Members {
    /** Bytes of a key that are walked in about a step, once its states are there. */
    private static final int BYTES_PER_STEP = 4;

    private final ValueRules rules;
    private final Expressions pool;
    private final Remainders remainders;

    public Members(ValueRules rules) {
        this.rules = rules;
        this.pool = rules.pool;
        this.remainders = new Remainders(rules);
    }

    /** The rule of a key's value; {@code no} if the key is not allowed. */
    ValueRule rule(ContainerRule.OfObject object, String key) {
        if (!Utf8Text.exists(key)
                || (object.names != null && !matches(rules.string(object.names), key))) {
            return rules.no();
        }
        List<ValueRule> all = new ArrayList<>();
        ValueRule own = object.properties.get(key);
        if (own != null) {
            all.add(own);
        }
        for (ContainerRule.OfPattern pattern : object.patterns) {
            if (matches(pattern.keys(), key)) {
                all.add(pattern.value());
            }
        }
        return all.isEmpty() ? object.additional : rules.and(all);
    }

    /** The rule of a key that no rule names, by the expressions that it matches. */
    ValueRule rule(ContainerRule.OfObject object, Set<Expression> matched) {
        if (object.names != null && !matched.contains(rules.string(object.names))) {
            return rules.no();
        }
        List<ValueRule> all = new ArrayList<>();
        for (ContainerRule.OfPattern pattern : object.patterns) {
            if (matched.contains(pattern.keys())) {
                all.add(pattern.value());
            }
        }
        return all.isEmpty() ? object.additional : rules.and(all);
    }

    /** The expressions that match a key. */
    public Set<Expression> matching(Set<Expression> all, String key) {
        Set<Expression> matching = new HashSet<>();
        for (Expression one : all) {
            if (matches(one, key)) {
                matching.add(one);
            }
        }
        return matching;
    }

    boolean matches(Expression e, String text) {
        pool.budget().spend(1 + text.length() / BYTES_PER_STEP);
        Expression state = e;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            state = pool.step(state, b & 0xFF);
            if (state.isEmpty()) {
                return false;
            }
        }
        return state.nullable();
    }

    /** The condition behind a key, in which the key's value is a goal. */
    public Condition behindKey(Condition condition, String key) {
        return rules.conditions.replace(
                condition,
                Conditions.Replacement.of(
                        leaf -> behindKey(leaf, key, false), leaf -> behindKey(leaf, key, true)));
    }

    private Condition behindKey(Condition leaf, String key, boolean remaining) {
        if (!(leaf.rule instanceof ContainerRule.OfObject object)) {
            return leaf;
        }
        Conditions made = rules.conditions;
        Condition left = remaining ? remainders.behind(leaf, object, key) : leaf;
        return made.and(left, made.goal(rule(object, key)));
    }

    /**
     * A condition, given that the object has a key. Only rules within NOT and ONE change, if the
     * key's value does not matter to them.
     */
    Condition having(Condition condition, String key) {
        return rules.conditions.replace(
                condition, Conditions.Replacement.of(leaf -> leaf, leaf -> withoutKey(leaf, key)));
    }

    private Condition withoutKey(Condition leaf, String key) {
        return leaf.rule instanceof ContainerRule.OfObject object
                        && rules.conditions.goal(rule(object, key)).isTrue()
                ? remainders.behind(leaf, object, key)
                : leaf;
    }

    /** The condition behind a key that no rule names, by the expressions that match the key. */
    Condition behindOther(Condition condition, Set<Expression> matched) {
        Conditions made = rules.conditions;
        return made.replace(
                condition,
                leaf ->
                        leaf.rule instanceof ContainerRule.OfObject object
                                ? made.and(leaf, made.goal(rule(object, matched)))
                                : leaf);
    }

    /** The condition at the start of an item, in which the item is a goal. */
    public Condition atItem(Condition condition, int index) {
        Conditions made = rules.conditions;
        return made.replace(
                condition,
                leaf ->
                        switch (leaf.rule) {
                            case ContainerRule.OfArray array ->
                                    index >= array.max
                                            ? made.no()
                                            : made.and(leaf, made.goal(array.at(index)));
                            case ContainerRule.OfContained some -> atItem(some);
                            case ContainerRule.OfUnique unique ->
                                    made.and(leaf, made.goal(rules.not(unique.seen())));
                            case null, default -> leaf;
                        });
    }

    private Condition atItem(ContainerRule.OfContained some) {
        Conditions made = rules.conditions;
        Condition goal = made.goal(some.item());
        Condition more = contained(some, some.found() + 1);
        Condition same = made.rule(some);
        return made.or(List.of(made.and(goal, more), made.and(made.not(goal), same)));
    }

    private Condition contained(ContainerRule.OfContained some, int found) {
        if (found > some.max()) {
            return rules.conditions.no();
        }
        if (found >= some.min() && some.max() == ContainerRule.UNBOUNDED) {
            return rules.conditions.yes();
        }
        return rules.conditions.rule(
                new ContainerRule.OfContained(some.item(), some.min(), some.max(), found));
    }

    /**
     * A condition behind an item whose value is known.
     *
     * @param seen adds the value to the rule of the items so far
     */
    public Condition behindItem(Condition condition, UnaryOperator<ValueRule> seen) {
        Conditions made = rules.conditions;
        return made.replace(
                condition,
                leaf ->
                        leaf.rule instanceof ContainerRule.OfUnique unique
                                ? made.rule(new ContainerRule.OfUnique(seen.apply(unique.seen())))
                                : leaf);
    }

    /**
     * What is left of a condition when the container is complete: conditions of the containers
     * around it.
     */
    public Condition closed(Condition condition, Level.Content content) {
        return rules.conditions.replace(
                condition,
                leaf -> leaf.rule == null ? leaf : rules.conditions.of(holds(leaf.rule, content)));
    }

    private static boolean holds(ContainerRule rule, Level.Content content) {
        return switch (rule) {
            case ContainerRule.OfObject object -> {
                int size = content.seen().size();
                if (size < Math.max(object.min, object.required.size()) || size > object.max) {
                    yield false;
                }
                for (String key : object.required) {
                    if (!content.seen().has(key)) {
                        yield false;
                    }
                }
                yield true;
            }
            case ContainerRule.OfArray array ->
                    content.index() >= array.min && content.index() <= array.max;
            case ContainerRule.OfContained some ->
                    some.found() >= some.min() && some.found() <= some.max();
            case ContainerRule.OfUnique _ -> true;
        };
    }
}
