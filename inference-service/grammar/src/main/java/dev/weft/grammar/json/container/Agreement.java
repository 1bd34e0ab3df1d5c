package dev.weft.grammar.json.container;

import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells whether parts of a condition can hold together that can hold one by one. It looks at keys
 * and items that several rules of a container want, and at what all of them want the next value to
 * be. "Can't" is certain, and "can" may be wrong.
 */
final class Agreement {
    private final ValueRules rules;
    private final Members members;
    private final Feasibility feasibility;

    Agreement(ValueRules rules, Members members, Feasibility feasibility) {
        this.rules = rules;
        this.members = members;
        this.feasibility = feasibility;
    }

    /** Whether the parts of a condition of op AND agree. */
    boolean of(Condition c) {
        List<ContainerRule.OfObject> objects = new ArrayList<>();
        List<ContainerRule.OfArray> arrays = new ArrayList<>();
        List<ContainerRule.OfContained> wanted = new ArrayList<>();
        for (Condition part : c.parts) {
            switch (part.rule) {
                case ContainerRule.OfObject object -> objects.add(object);
                case ContainerRule.OfArray array -> arrays.add(array);
                case ContainerRule.OfContained some -> wanted.add(some);
                case null, default -> {}
            }
        }
        Set<String> required = new HashSet<>();
        objects.forEach(object -> required.addAll(object.required));
        return keys(objects, required) && mayHave(c, required) && items(arrays, wanted) && next(c);
    }

    /** Whether parts of op NOT and ONE can still hold behind the keys that rules require. */
    private boolean mayHave(Condition c, Set<String> required) {
        for (Condition part : c.parts) {
            if (part.op == Condition.Op.NOT || part.op == Condition.Op.ONE) {
                Condition rest = part;
                for (String key : required) {
                    rest = members.having(rest, key);
                }
                if (!feasibility.canHold(rest)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the keys that rules require are allowed by all of them. */
    private boolean keys(List<ContainerRule.OfObject> objects, Set<String> required) {
        if (objects.size() < 2) {
            return true;
        }
        for (String key : required) {
            List<ValueRule> all = new ArrayList<>();
            for (ContainerRule.OfObject object : objects) {
                all.add(members.rule(object, key));
            }
            if (!isSatisfiable(all)) {
                return false;
            }
        }
        return true;
    }

    /** Whether all rules allow the items that some of them want. */
    private boolean items(
            List<ContainerRule.OfArray> arrays, List<ContainerRule.OfContained> wanted) {
        if (arrays.isEmpty() || arrays.size() + wanted.size() < 2) {
            return true;
        }
        int least = 0;
        int most = ContainerRule.UNBOUNDED;
        int longest = 0;
        for (ContainerRule.OfArray array : arrays) {
            least = Math.max(least, array.min);
            most = Math.min(most, array.max);
            longest = Math.max(longest, array.prefix.size());
        }
        if (least > most) {
            return false;
        }
        for (int i = 0; i < Math.min(least, longest + 1); i++) {
            if (!isSatisfiable(at(arrays, i))) {
                return false;
            }
        }
        for (ContainerRule.OfContained some : wanted) {
            if (some.found() < some.min()
                    && !mayContain(arrays, some, Math.min(most, longest + 1))) {
                return false;
            }
        }
        return true;
    }

    private boolean mayContain(
            List<ContainerRule.OfArray> arrays, ContainerRule.OfContained some, int places) {
        for (int i = 0; i < places; i++) {
            List<ValueRule> all = at(arrays, i);
            all.add(some.item());
            if (isSatisfiable(all)) {
                return true;
            }
        }
        return false;
    }

    private static List<ValueRule> at(List<ContainerRule.OfArray> arrays, int index) {
        List<ValueRule> all = new ArrayList<>();
        arrays.forEach(array -> all.add(array.at(index)));
        return all;
    }

    /**
     * Whether some value is what all parts, and one branch of each OR or ONE, want the next one to
     * be.
     */
    private boolean next(Condition c) {
        List<ValueRule> goals = new ArrayList<>();
        for (Condition part : c.parts) {
            add(part, goals);
        }
        if (goals.isEmpty()) {
            return true;
        }
        if (goals.size() > 1 && !isSatisfiable(goals)) {
            return false;
        }
        for (Condition part : c.parts) {
            boolean choice = part.op == Condition.Op.OR || part.op == Condition.Op.ONE;
            if (choice && part.hasGoal && !someBranch(part, goals)) {
                return false;
            }
        }
        return true;
    }

    private boolean someBranch(Condition choice, List<ValueRule> goals) {
        for (Condition branch : choice.parts) {
            List<ValueRule> all = new ArrayList<>(goals);
            for (Condition part :
                    branch.op == Condition.Op.AND ? branch.parts : new Condition[] {branch}) {
                add(part, all);
            }
            if (feasibility.canHold(branch) && isSatisfiable(all)) {
                return true;
            }
        }
        return false;
    }

    private void add(Condition part, List<ValueRule> goals) {
        if (part.goal != null) {
            goals.add(part.goal);
        } else if (part.op == Condition.Op.NOT && part.parts[0].goal != null) {
            goals.add(rules.not(part.parts[0].goal));
        }
    }

    private boolean isSatisfiable(List<ValueRule> all) {
        return feasibility.isSatisfiable(rules.and(all));
    }
}
