package dev.weft.grammar.json.container;

import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.Condition.Answer;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.KeySet;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether conditions can still hold, and rules can be followed. Parts of a condition count as
 * independent, except for what {@link Agreement} looks at; so "can't" is certain, and "can" may be
 * wrong.
 */
public final class Feasibility {
    private static final int BYTES_OF_COUNT = 64;

    private final ValueRules rules;
    private final Members members;
    private final Agreement agreement;
    private final Decisions decisions;

    /** The number of properties that {@link #free} found for a rule. */
    private final Map<ContainerRule.OfObject, Integer> free = new HashMap<>();

    private int assumed;

    public Feasibility(ValueRules rules, Members members) {
        this.rules = rules;
        this.members = members;
        this.agreement = new Agreement(rules, members, this);
        this.decisions = new Decisions(rules.conditions, this);
    }

    /** Whether some value follows a rule. */
    public boolean isSatisfiable(ValueRule rule) {
        if (rule.satisfiable != Answer.UNKNOWN) {
            return rule.satisfiable == Answer.YES;
        }
        if (rule.inProgress) {
            // a value that needs itself inside: only others count
            assumed++;
            return false;
        }
        rules.pool.budget().spend(4);
        int before = assumed;
        rule.inProgress = true;
        boolean found;
        try {
            found =
                    rules.constants(rule) != 0
                            || rules.pool.isLive(rules.string(rule))
                            || rules.pool.isLive(rules.number(rule).written())
                            || canHold(rules.array(rule))
                            || canHold(rules.object(rule));
        } finally {
            rule.inProgress = false;
        }
        if (found || assumed == before) {
            rule.satisfiable = found ? Answer.YES : Answer.NO;
        }
        return found;
    }

    /** Whether a condition can hold, however many members there are. */
    public boolean canHold(Condition c) {
        if (c.canHold == Answer.UNKNOWN) {
            int before = assumed;
            boolean found = findHold(c);
            if (!found && assumed != before) {
                return false;
            }
            c.canHold = found ? Answer.YES : Answer.NO;
        }
        return c.canHold == Answer.YES;
    }

    private boolean findHold(Condition c) {
        rules.pool.budget().spend(1);
        return switch (c.op) {
            case TRUE -> true;
            case FALSE -> false;
            case RULE -> c.rule != null && canHold(c.rule);
            case GOAL -> c.goal != null && isSatisfiable(c.goal);
            case OUTER -> canHold(c.parts[0]);
            case NOT -> canFail(c.parts[0]);
            case AND -> all(c) && agreement.of(c);
            case OR -> any(c);
            case ONE -> any(c) && oneAtMost(c);
        };
    }

    private boolean any(Condition c) {
        for (Condition part : c.parts) {
            if (canHold(part)) {
                return true;
            }
        }
        return false;
    }

    private boolean oneAtMost(Condition c) {
        int certain = 0;
        for (Condition part : c.parts) {
            certain += canFail(part) ? 0 : 1;
        }
        return certain < 2;
    }

    private boolean all(Condition c) {
        for (Condition part : c.parts) {
            if (!canHold(part)) {
                return false;
            }
        }
        return true;
    }

    private boolean canHold(ContainerRule rule) {
        return switch (rule) {
            case ContainerRule.OfObject object -> {
                if (object.min > object.max || object.required.size() > object.max) {
                    yield false;
                }
                for (String key : object.required) {
                    if (!isSatisfiable(members.rule(object, key))) {
                        yield false;
                    }
                }
                yield true;
            }
            case ContainerRule.OfArray array -> {
                if (array.min > array.max) {
                    yield false;
                }
                for (int i = 0; i < Math.min(array.min, array.prefix.size() + 1); i++) {
                    if (!isSatisfiable(array.at(i))) {
                        yield false;
                    }
                }
                yield true;
            }
            case ContainerRule.OfContained some ->
                    some.min() <= some.max()
                            && some.found() <= some.max()
                            && (some.found() >= some.min() || isSatisfiable(some.item()));
            case ContainerRule.OfUnique _ -> true;
        };
    }

    /** Whether a condition may turn out not to hold. */
    public boolean canFail(Condition c) {
        if (c.canFail == Answer.UNKNOWN) {
            int before = assumed;
            boolean found = findFail(c);
            if (assumed != before) {
                return found;
            }
            c.canFail = found ? Answer.YES : Answer.NO;
        }
        return c.canFail == Answer.YES;
    }

    private boolean findFail(Condition c) {
        rules.pool.budget().spend(1);
        return switch (c.op) {
            case TRUE -> false;
            case FALSE, GOAL, ONE -> true;
            case RULE -> c.rule == null || canFail(c.rule);
            case OUTER -> canFail(c.parts[0]);
            case NOT -> canHold(c.parts[0]);
            case AND -> {
                for (Condition part : c.parts) {
                    if (canFail(part)) {
                        yield true;
                    }
                }
                yield false;
            }
            case OR -> {
                for (Condition part : c.parts) {
                    if (!canFail(part)) {
                        yield false;
                    }
                }
                yield true;
            }
        };
    }

    /** Whether a rule may fail: members that may still come can break it, or it wants some. */
    private boolean canFail(ContainerRule rule) {
        return switch (rule) {
            case ContainerRule.OfObject object ->
                    object.counts() || !object.required.isEmpty() || canBreak(object);
            case ContainerRule.OfArray array ->
                    array.min > 0
                            || array.max != ContainerRule.UNBOUNDED
                            || !isAnything(array.at(array.prefix.size()))
                            || !array.prefix.stream().allMatch(this::isAnything);
            case ContainerRule.OfContained _, ContainerRule.OfUnique _ -> true;
        };
    }

    /** Whether a key to come may break a rule. */
    boolean canBreak(ContainerRule.OfObject object) {
        return !object.patterns.isEmpty()
                || object.names != null
                || !isAnything(object.additional)
                || !object.properties.values().stream().allMatch(this::isAnything);
    }

    boolean isAnything(ValueRule rule) {
        return rules.conditions.goal(rule).isTrue();
    }

    ValueRule not(ValueRule rule) {
        return rules.not(rule);
    }

    /** Whether some value follows all of some rules. */
    boolean isSatisfiable(List<ValueRule> all) {
        return all.isEmpty() || isSatisfiable(rules.and(all));
    }

    void spend(int steps) {
        rules.pool.budget().spend(steps);
    }

    /** Whether a condition can hold in a container that has some of its members already. */
    boolean canHold(Condition c, Level.Content content) {
        return !settled(c, content).isFalse();
    }

    /**
     * A condition without the rules that the members of a container have decided; false if the
     * condition can't hold there.
     */
    public Condition settled(Condition c, Level.Content content) {
        if (!canHold(c)) {
            return rules.conditions.no();
        }
        Condition left = c.counts ? decisions.settled(c, content) : c;
        return left.equals(c) || canHold(left) ? left : rules.conditions.no();
    }

    /** The most keys that may still come, as far as they can be counted. */
    int possible(ContainerRule.OfObject object, KeySet seen) {
        if (!object.patterns.isEmpty() || isSatisfiable(object.additional)) {
            return Integer.MAX_VALUE / 2;
        }
        int free = free(object);
        rules.pool.budget().spend(1 + seen.size());
        for (String key : seen.keys()) {
            boolean counted =
                    object.properties.containsKey(key) && isSatisfiable(members.rule(object, key));
            free -= counted ? 1 : 0;
        }
        return free;
    }

    /** The properties that an empty object may get. */
    private int free(ContainerRule.OfObject object) {
        Integer known = free.get(object);
        if (known != null) {
            return known;
        }
        int before = assumed;
        int found = 0;
        rules.pool.budget().spend(1 + object.properties.size());
        for (String key : object.properties.keySet()) {
            found += isSatisfiable(members.rule(object, key)) ? 1 : 0;
        }
        if (assumed == before) {
            rules.pool.hold(BYTES_OF_COUNT);
            free.put(object, found);
        }
        return found;
    }
}
