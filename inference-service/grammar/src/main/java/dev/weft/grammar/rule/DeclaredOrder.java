package dev.weft.grammar.rule;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.rule.ContainerRule.OfObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys in the order in which a rule declares them. Rules that exclude each other have an order
 * each; a key drops those whose order it breaks. If rules hold together, a key comes in the order
 * of the first rule that names it, behind the keys that earlier rules require.
 */
public final class DeclaredOrder {
    /** Keys that are gone through in about a step. */
    private static final int KEYS_PER_STEP = 8;

    private final Conditions conditions;
    private final WorkBudget budget;
    private final Map<OfObject, Map<String, Integer>> places = new HashMap<>();

    public DeclaredOrder(Conditions conditions, WorkBudget budget) {
        this.conditions = conditions;
        this.budget = budget;
    }

    /** The keys that may come now in an object, by its condition. For one thread. */
    public final class Turn {
        private final Condition condition;
        private final KeySet seen;
        private final Map<OfObject, Bounds> found = new HashMap<>();

        private Turn(Condition condition, KeySet seen) {
            this.condition = condition;
            this.seen = seen;
        }

        /**
         * The condition without the rules whose order a key breaks. Within {@code not} and {@code
         * oneOf} rules have no order.
         */
        public Condition behind(String key) {
            return behind(condition, key);
        }

        private Condition behind(Condition condition, String key) {
            budget.spend(1);
            return switch (condition.op) {
                case RULE ->
                        condition.rule instanceof OfObject rule && !allows(rule, key, true)
                                ? conditions.no()
                                : condition;
                case OR -> {
                    List<Condition> parts = new ArrayList<>(List.of(condition.parts));
                    parts.replaceAll(part -> behind(part, key));
                    yield conditions.or(parts);
                }
                case AND -> together(condition, key);
                default -> condition;
            };
        }

        private Condition together(Condition condition, String key) {
            boolean first = true;
            for (OfObject rule : rules(condition)) {
                if (!allows(rule, key, first)) {
                    return conditions.no();
                }
                if (places(rule).containsKey(key)) {
                    return condition;
                }
                first &= places(rule).isEmpty();
            }
            List<Condition> parts = new ArrayList<>(List.of(condition.parts));
            for (int at = 0; at < parts.size(); at++) {
                if (parts.get(at).op == Condition.Op.OR) {
                    parts.set(at, behind(parts.get(at), key));
                    return conditions.and(parts);
                }
            }
            return condition;
        }

        /** The object rules that apply together, by their ranks. */
        private static List<OfObject> rules(Condition all) {
            List<OfObject> rules = new ArrayList<>();
            for (Condition part : all.parts) {
                if (part.rule instanceof OfObject rule) {
                    rules.add(rule);
                }
            }
            rules.sort(Comparator.comparingInt(rule -> rule.rank));
            return rules;
        }

        /**
         * @param first whether no rule before it names keys; if one does, its keys may be there
         *     already
         */
        private boolean allows(OfObject rule, String key, boolean first) {
            Bounds bounds = found.computeIfAbsent(rule, it -> bounds(it, seen));
            Integer place = places(rule).get(key);
            if (place == null) {
                return bounds.next == places(rule).size();
            }
            return !(first && bounds.others) && place > bounds.last && place <= bounds.next;
        }
    }

    /**
     * How far an object is in the order of a rule.
     *
     * @param last place of the last key that is there; -1 for none
     * @param next place of the first required key that is missing; the number of places for none
     * @param others whether keys are there that the rule doesn't name
     */
    private record Bounds(int last, int next, boolean others) {}

    /**
     * What may come next in an object.
     *
     * @param condition that it has to fulfil
     * @param seen the keys that it has
     */
    public Turn turn(Condition condition, KeySet seen) {
        return new Turn(condition, seen);
    }

    private Bounds bounds(OfObject rule, KeySet seen) {
        Map<String, Integer> places = places(rule);
        budget.spend(1 + (places.size() + seen.size()) / KEYS_PER_STEP);
        int last = -1;
        boolean others = false;
        for (String key : seen.keys()) {
            Integer place = places.get(key);
            others |= place == null;
            last = place == null ? last : Math.max(last, place);
        }
        int next = places.size();
        for (String key : rule.required) {
            if (!seen.has(key)) {
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
