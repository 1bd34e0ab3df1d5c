package dev.weft.grammar.json;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.expression.Utf8Text;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.KeyPlan;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds which keys an object may go on with. */
final class KeyPlans {
    /** Keys that are gone through in about a step. */
    private static final int KEYS_PER_STEP = 8;

    private final Expressions pool;
    private final ValueRules rules;
    private final Members members;
    private final Feasibility feasibility;
    private final boolean declaredOrder;

    KeyPlans(ValueRules rules, Members members, Feasibility feasibility, boolean declaredOrder) {
        this.pool = rules.pool;
        this.rules = rules;
        this.members = members;
        this.feasibility = feasibility;
        this.declaredOrder = declaredOrder;
    }

    /** The keys with which an object may go on; empty if there are none. */
    Expression keys(Level.Content content) {
        KeyPlan plan = plan(content);
        if (plan.open() && !declaredOrder) {
            return pool.text();
        }
        List<String> open = new ArrayList<>();
        Set<String> waiting = waiting(content, plan);
        for (String key : plan.declared()) {
            if (!content.seen().has(key) && !waiting.contains(key)) {
                open.add(key);
            }
        }
        Expression others = plan.others();
        if (declaredOrder && !others.isEmpty() && isWaitedFor(content)) {
            others = pool.empty();
        }
        if (!others.isEmpty()) {
            List<String> seen = new ArrayList<>();
            content.seen().keys().forEach(seen::add);
            seen.removeAll(plan.named());
            others = without(others, seen);
        }
        Expression all = pool.or(literals(open), others);
        return pool.isLive(all) ? all : pool.empty();
    }

    private Expression literals(Collection<String> keys) {
        return Utf8Text.anyOf(pool, keys);
    }

    private Expression without(Expression keys, Collection<String> seen) {
        return seen.isEmpty() ? keys : pool.and(keys, pool.not(literals(seen)));
    }

    private KeyPlan plan(Level.Content content) {
        Condition condition = content.condition();
        KeyPlan found = condition.keyPlan;
        if (found == null || condition.counts) {
            found = find(content);
            condition.keyPlan = found;
        }
        return found;
    }

    private KeyPlan find(Level.Content content) {
        Set<String> named = new LinkedHashSet<>();
        Set<Expression> patterns = new LinkedHashSet<>();
        List<ValueRule> names = new ArrayList<>();
        collect(content.condition(), named, patterns, names);
        Expression decided = pool.and(pool.text(), rules.decidedByAll(names));
        List<String> declared = new ArrayList<>();
        for (String key : named) {
            boolean isDecided = names.isEmpty() || members.matches(decided, key);
            if (isDecided && (!content.seen().has(key) || !content.condition().counts)) {
                Condition behind = members.behindKey(content.condition(), key);
                Level.Content next =
                        content.seen().has(key)
                                ? content
                                : content.with(content.seen().with(key), null);
                if (feasibility.canHold(behind, next)) {
                    declared.add(key);
                }
            }
        }
        List<Expression> regions = new ArrayList<>();
        Expression rest = named.isEmpty() ? decided : pool.and(decided, pool.not(literals(named)));
        regions(content, List.copyOf(patterns), 0, rest, new HashSet<>(), regions);
        Expression others = pool.or(regions);
        return new KeyPlan(
                declared, List.copyOf(named), others, patterns.isEmpty() && !others.isEmpty());
    }

    /** The keys that rules of an object name, sorted. */
    String[] named(Level.Content content) {
        return plan(content).sorted();
    }

    /**
     * What of a level decides how it may end.
     *
     * @return null if all that is in it does, or in one around it
     */
    Level.@Nullable Likeness likeness(Level level) {
        if (!level.knowsLikeness) {
            level.likeness = findLikeness(level);
            level.knowsLikeness = true;
        }
        return level.likeness;
    }

    private Level.@Nullable Likeness findLikeness(Level level) {
        Level.Content content = level.content;
        Level parent = content.parent();
        Condition condition = content.condition();
        // a condition of the level around it may name keys of that one
        boolean alone = content.recorded() == null && !condition.counts && !condition.hasOuter;
        Level.Likeness around = alone && parent != null ? likeness(parent) : null;
        if (!alone || (parent != null && around == null)) {
            return null;
        }
        List<String> named = new ArrayList<>();
        List<String> others = new ArrayList<>();
        part(content, named, others);
        return new Level.Likeness(
                around, content.object(), condition, named, !others.isEmpty(), content.index());
    }

    private void part(Level.Content content, List<String> named, List<String> others) {
        String[] known = content.object() ? named(content) : new String[0];
        for (String key : content.seen().keys()) {
            (Arrays.binarySearch(known, key) >= 0 ? named : others).add(key);
        }
    }

    /**
     * The keys of a level, and of those around it, that its likeness leaves out, with their quotes
     * and the colon: what else is written may look like a key in quotes.
     */
    List<String> otherKeys(Level level) {
        List<String> others = new ArrayList<>();
        for (Level open = level; open != null; open = open.content.parent()) {
            part(open.content, new ArrayList<>(), others);
        }
        others.replaceAll(key -> '"' + key + "\":");
        return others;
    }

    /** The expressions by which rules of an object distinguish keys that they don't name. */
    Set<Expression> patterns(Condition condition) {
        Set<Expression> patterns = new LinkedHashSet<>();
        collect(condition, new HashSet<>(), patterns, new ArrayList<>());
        return patterns;
    }

    private void collect(
            Condition condition,
            Set<String> named,
            Set<Expression> patterns,
            List<ValueRule> names) {
        pool.budget().spend(1);
        if (condition.rule instanceof ContainerRule.OfObject object) {
            pool.budget()
                    .spend((object.properties.size() + object.required.size()) / KEYS_PER_STEP);
            named.addAll(object.properties.keySet());
            named.addAll(object.required);
            object.patterns.forEach(pattern -> patterns.add(pattern.keys()));
            if (object.names != null) {
                patterns.add(rules.string(object.names));
                names.add(object.names);
            }
        }
        if (condition.op != Condition.Op.OUTER) {
            for (Condition part : condition.parts) {
                collect(part, named, patterns, names);
            }
        }
    }

    /** Splits the keys that no rule names by the patterns that they match. */
    private void regions(
            Level.Content content,
            List<Expression> patterns,
            int at,
            Expression region,
            Set<Expression> matched,
            List<Expression> out) {
        pool.budget().spend(16);
        if (!pool.isLive(region)) {
            return;
        }
        if (at == patterns.size()) {
            Condition behind = members.behindOther(content.condition(), matched);
            // stands for any key, which is not there yet
            Level.Content next = content.with(content.seen().with("\uFFFE"), null);
            if (feasibility.canHold(behind, next)) {
                out.add(region);
            }
            return;
        }
        Expression pattern = patterns.get(at);
        Expression inside = pool.and(region, pattern);
        Set<Expression> more = new HashSet<>(matched);
        more.add(pattern);
        regions(content, patterns, at + 1, inside, more, out);
        regions(content, patterns, at + 1, pool.and(region, pool.not(pattern)), matched, out);
    }

    /**
     * Keys that can't come any more, or not before a required one, if the order is the declared
     * one.
     */
    private Set<String> waiting(Level.Content content, KeyPlan plan) {
        Set<String> waiting = new HashSet<>();
        if (!declaredOrder) {
            return waiting;
        }
        List<String> order = plan.named();
        int last = -1;
        boolean other = false;
        for (String key : content.seen().keys()) {
            pool.budget().spend(1 + order.size() / KEYS_PER_STEP);
            int at = order.indexOf(key);
            last = Math.max(last, at);
            other |= at < 0;
        }
        Set<String> required = required(content.condition());
        boolean blocked = other;
        for (int i = 0; i < order.size(); i++) {
            String key = order.get(i);
            if (i <= last || blocked) {
                waiting.add(key);
            }
            blocked |= i > last && required.contains(key) && !content.seen().has(key);
        }
        return waiting;
    }

    private boolean isWaitedFor(Level.Content content) {
        Set<String> required = required(content.condition());
        pool.budget().spend(1 + required.size() / KEYS_PER_STEP);
        for (String key : required) {
            if (!content.seen().has(key)) {
                return true;
            }
        }
        return false;
    }

    /** Keys that are certainly required. */
    static Set<String> required(Condition condition) {
        Set<String> all = new LinkedHashSet<>();
        if (condition.rule instanceof ContainerRule.OfObject object) {
            all.addAll(object.required);
        } else if (condition.op == Condition.Op.AND) {
            for (Condition part : condition.parts) {
                all.addAll(required(part));
            }
        }
        return all;
    }
}
