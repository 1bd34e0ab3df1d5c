package dev.weft.grammar.json;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.Conditions;
import dev.weft.grammar.rule.ContainerRule.OfObject;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys in the order in which a rule declares them. Each rule has its own: of rules that exclude
 * each other, those drop out whose order a key breaks.
 */
final class DeclaredOrder {
    /** Keys that are gone through in about a step. */
    private static final int KEYS_PER_STEP = 8;

    private final Conditions conditions;
    private final WorkBudget budget;
    private final Map<OfObject, Map<String, Integer>> places = new HashMap<>();

    DeclaredOrder(Conditions conditions, WorkBudget budget) {
        this.conditions = conditions;
        this.budget = budget;
    }

    /** What an object's condition leaves of keys that may come now. For one thread. */
    final class Turn {
        private final Level.Content content;
        private final Map<OfObject, Bounds> found = new HashMap<>();

        private Turn(Level.Content content) {
            this.content = content;
        }

        /**
         * The condition without the rules whose order a key breaks. Within {@code not} and {@code
         * oneOf} rules have no order.
         */
        Condition behind(String key) {
            return conditions.replace(
                    content.condition(),
                    Conditions.Replacement.of(
                            leaf ->
                                    leaf.rule instanceof OfObject rule && !allows(rule, key)
                                            ? conditions.no()
                                            : leaf,
                            leaf -> leaf));
        }

        private boolean allows(OfObject rule, String key) {
            Bounds bounds = found.computeIfAbsent(rule, it -> bounds(it, content));
            Integer place = places(rule).get(key);
            if (place == null) {
                return bounds.next == places(rule).size();
            }
            return !bounds.others && place > bounds.last && place <= bounds.next;
        }
    }

    /**
     * How far an object is.
     *
     * @param last place of the last key that is there; -1 for none
     * @param next place of the first required one that isn't; their number for none
     * @param others whether keys are there that the rule doesn't name
     */
    private record Bounds(int last, int next, boolean others) {}

    /** What may come next in an object. */
    Turn turn(Level.Content content) {
        return new Turn(content);
    }

    private Bounds bounds(OfObject rule, Level.Content content) {
        Map<String, Integer> places = places(rule);
        budget.spend(1 + (places.size() + content.seen().size()) / KEYS_PER_STEP);
        int last = -1;
        boolean others = false;
        for (String key : content.seen().keys()) {
            Integer place = places.get(key);
            others |= place == null;
            last = place == null ? last : Math.max(last, place);
        }
        int next = places.size();
        for (String key : rule.required) {
            if (!content.seen().has(key)) {
                next = places.getOrDefault(key, next);
                break;
            }
        }
        return new Bounds(last, next, others);
    }

    private Map<String, Integer> places(OfObject rule) {
        return places.computeIfAbsent(
                rule,
                it -> {
                    Map<String, Integer> places = new HashMap<>();
                    it.properties.keySet().forEach(key -> places.put(key, places.size()));
                    it.required.forEach(key -> places.putIfAbsent(key, places.size()));
                    return places;
                });
    }
}
