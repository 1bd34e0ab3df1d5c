package dev.weft.grammar.json.container;

import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is left of an object's rules behind keys that they name: such a key is no longer required,
 * and may have been anything. If a rule holds that must not hold, this shows at the key that
 * decides it. Each remainder is made once. Its grammar's lock guards it.
 */
final class Remainders {
    private static final int BYTES_OF_RULE = 200;
    private static final int BYTES_OF_KEY = 48;

    private final ValueRules rules;
    private final Map<Cut, ContainerRule.OfObject> made = new HashMap<>();
    private final Map<ContainerRule.OfObject, Cut> origins = new HashMap<>();

    /** A rule without the keys that are there. */
    private record Cut(ContainerRule.OfObject whole, Set<String> gone) {}

    Remainders(ValueRules rules) {
        this.rules = rules;
    }

    /** What is left of a rule behind a key that was not there. */
    Condition behind(Condition leaf, ContainerRule.OfObject object, String key) {
        if (!object.required.contains(key) && !object.properties.containsKey(key)) {
            return leaf;
        }
        Cut before = origins.getOrDefault(object, new Cut(object, Set.of()));
        Set<String> gone = new HashSet<>(before.gone);
        gone.add(key);
        rules.pool.budget().spend(1 + gone.size());
        Cut cut = new Cut(before.whole, Set.copyOf(gone));
        ContainerRule.OfObject rest = made.get(cut);
        if (rest == null) {
            rest = rest(cut);
            made.put(cut, rest);
            origins.put(rest, cut);
        }
        return rules.conditions.rule(rest);
    }

    private ContainerRule.OfObject rest(Cut cut) {
        ContainerRule.OfObject whole = cut.whole;
        int keys = whole.properties.size() + whole.required.size();
        rules.pool.budget().spend(4 + keys);
        rules.pool.hold(BYTES_OF_RULE + (long) BYTES_OF_KEY * keys);
        Map<String, ValueRule> properties = new LinkedHashMap<>(whole.properties);
        cut.gone.forEach(key -> properties.put(key, rules.yes()));
        Set<String> required = new LinkedHashSet<>(whole.required);
        required.removeAll(cut.gone);
        return new ContainerRule.OfObject(
                properties,
                whole.patterns,
                whole.additional,
                required,
                new ContainerRule.Counted(whole.min, whole.max),
                whole.names,
                whole.rank);
    }
}
