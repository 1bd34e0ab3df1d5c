package dev.weft.grammar.json.container;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.expression.Utf8Text;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.DeclaredOrder;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds which keys an object may go on with. */
public final class KeyPlans {
    /** Keys that are gone through in about a step. */
    private static final int KEYS_PER_STEP = 8;

    /** Stands for any key that no rule names and that is not there yet. */
    private static final String UNNAMED = "\uFFFE";

    private final Expressions pool;
    private final ValueRules rules;
    private final Members members;
    private final Feasibility feasibility;
    private final @Nullable DeclaredOrder order;

    /**
     * @param order of the keys; null for any
     */
    public KeyPlans(
            ValueRules rules,
            Members members,
            Feasibility feasibility,
            @Nullable DeclaredOrder order) {
        this.pool = rules.pool;
        this.rules = rules;
        this.members = members;
        this.feasibility = feasibility;
        this.order = order;
    }

    /** The keys with which an object may go on; empty if there are none. */
    public Expression keys(Level.Content content) {
        KeyPlan plan = plan(content);
        if (order == null) {
            return plan.open() ? pool.text() : keys(content, plan, _ -> content.condition());
        }
        DeclaredOrder.Turn turn = order.turn(content.condition(), content.seen());
        Expression keys = keys(content, plan, turn::behind);
        return !keys.isEmpty() || !members.closed(content.condition(), content).isFalse()
                ? keys
                : keys(content, plan, _ -> content.condition());
    }

    /**
     * @param turn the condition that the keys' order leaves behind a key
     */
    private Expression keys(Level.Content content, KeyPlan plan, Function<String, Condition> turn) {
        List<String> open = new ArrayList<>();
        for (String key : plan.declared()) {
            if (!content.seen().has(key) && isInTurn(content, turn.apply(key), key)) {
                open.add(key);
            }
        }
        Expression others =
                plan.others().isEmpty()
                        ? plan.others()
                        : othersInTurn(content, turn.apply(UNNAMED), plan.others());
        if (!others.isEmpty()) {
            List<String> seen = new ArrayList<>();
            content.seen().keys().forEach(seen::add);
            seen.removeAll(plan.named());
            others = without(others, seen);
        }
        Expression all = pool.or(literals(open), others);
        return pool.isLive(all) ? all : pool.empty();
    }

    /**
     * The condition of an object behind a key, without the rules whose order the key breaks. If the
     * key can't come then, all rules stay.
     */
    public Condition behind(Level.Content content, String key) {
        if (order == null) {
            return content.condition();
        }
        DeclaredOrder.Turn turn = order.turn(content.condition(), content.seen());
        Condition left = turn.behind(key);
        return isInTurn(content, left, key) ? left : content.condition();
    }

    private boolean isInTurn(Level.Content content, Condition left, String key) {
        return left == content.condition() || canFollow(content.with(left), key);
    }

    /** Keys that no rule names, under the rules whose order lets such keys come now. */
    private Expression othersInTurn(Level.Content content, Condition left, Expression others) {
        if (left == content.condition()) {
            return others;
        }
        return left.isFalse() ? pool.empty() : find(content.with(left)).others();
    }

    private boolean canFollow(Level.Content content, String key) {
        Condition behind = members.behindKey(content.condition(), key);
        Level.Content next =
                content.seen().has(key) ? content : content.with(content.seen().with(key), null);
        return feasibility.canHold(behind, next);
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
                if (canFollow(content, key)) {
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
    public String[] named(Level.Content content) {
        return plan(content).sorted();
    }

    /**
     * The part of a level that decides how it may end.
     *
     * @return null if all of the level, or of one around it, decides that
     */
    public Level.@Nullable Likeness likeness(Level level) {
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
     * The keys of a level, and of those around it, that its likeness leaves out. They have their
     * quotes and the colon, since other text may look like a key in quotes.
     */
    public List<String> otherKeys(Level level) {
        List<String> others = new ArrayList<>();
        for (Level open = level; open != null; open = open.content.parent()) {
            part(open.content, new ArrayList<>(), others);
        }
        others.replaceAll(key -> '"' + key + "\":");
        return others;
    }

    /** The expressions by which rules of an object distinguish keys that they don't name. */
    public Set<Expression> patterns(Condition condition) {
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
            Level.Content next = content.with(content.seen().with(UNNAMED), null);
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

    /** Keys that are certainly required. */
    public static Set<String> required(Condition condition) {
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
