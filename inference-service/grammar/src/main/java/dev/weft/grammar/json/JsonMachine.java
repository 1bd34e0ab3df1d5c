package dev.weft.grammar.json;

import dev.weft.grammar.budget.WorkBudget;
import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.json.container.Feasibility;
import dev.weft.grammar.json.container.KeyPlans;
import dev.weft.grammar.json.container.Level;
import dev.weft.grammar.json.container.Members;
import dev.weft.grammar.json.container.Needs;
import dev.weft.grammar.limit.GrammarOptions;
import dev.weft.grammar.place.EndSpot;
import dev.weft.grammar.place.Machine;
import dev.weft.grammar.place.Position;
import dev.weft.grammar.place.Trail;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.Conditions;
import dev.weft.grammar.rule.Constants;
import dev.weft.grammar.rule.DeclaredOrder;
import dev.weft.grammar.rule.KeySet;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import dev.weft.grammar.scan.FixedScan;
import dev.weft.grammar.scan.NumberScans;
import dev.weft.grammar.walk.StringScans;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Walks through JSON by a rule: what may follow a value, a key, a bracket. */
public final class JsonMachine implements Machine {
    private final ReentrantLock lock = new ReentrantLock();

    /** Brackets that may be open at once. */
    private static final int MOST_DEPTH = 200;

    private static final int MOST_LEVELS = 4_000;

    /** Bytes of a level and the places in it, as measured with objects of 20 keys. */
    private static final int BYTES_OF_LEVEL = 2_400;

    final Words words;
    final Expressions pool;
    final ValueRules rules;
    final Conditions conditions;
    final StringScans strings;
    final NumberScans numbers;
    final JsonGaps gaps;
    final ScalarRules scalars;
    private final Constants constants;
    private final Members members;
    private final Feasibility feasibility;
    private final KeyPlans keyPlans;
    final Needs needs;
    final KeyWays keyWays = new KeyWays(this);
    private final Map<Level.Content, Level> levels = new HashMap<>();
    private final Position start;
    private final Position end;

    /** How null, true and false are written. */
    public enum Words {
        JSON,
        PYTHON
    }

    /** A machine whose answers are one value. */
    public JsonMachine(SharedStates shared, ValueRule root, GrammarOptions options) {
        this(shared, root, options, Words.JSON, EndSpot.END);
    }

    /**
     * A machine for a value within something else.
     *
     * @param end the answer's place behind the value
     */
    public JsonMachine(
            SharedStates shared,
            ValueRule root,
            GrammarOptions options,
            Words words,
            Position end) {
        this.words = words;
        this.rules = shared.rules();
        this.constants = shared.constants();
        this.end = end;
        pool = rules.pool;
        conditions = rules.conditions;
        strings = shared.strings();
        numbers = shared.numbers();
        gaps = new JsonGaps(options.whitespace());
        members = new Members(rules);
        needs = new Needs(rules, members, end);
        feasibility = new Feasibility(rules, members);
        scalars = new ScalarRules(rules, feasibility);
        keyPlans =
                new KeyPlans(
                        rules,
                        members,
                        feasibility,
                        options.keyOrder() == GrammarOptions.KeyOrder.DECLARED
                                ? new DeclaredOrder(conditions, pool.budget())
                                : null);
        start =
                new Position(
                        new ValueSpot(this, null, conditions.goal(root), null), FixedScan.LEAVING);
    }

    @Override
    public Position start() {
        return start;
    }

    @Override
    public ReentrantLock lock() {
        return lock;
    }

    @Override
    public WorkBudget budget() {
        return pool.budget();
    }

    public boolean isSatisfiable(ValueRule rule) {
        return feasibility.isSatisfiable(rule);
    }

    private Level level(Level.Content content) {
        Level found = levels.get(content);
        if (found == null) {
            pool.budget().spend(8);
            if (levels.size() >= MOST_LEVELS) {
                pool.hold(-levels.size() * (long) BYTES_OF_LEVEL);
                levels.values().forEach(Level::forgetWaysOn);
                levels.clear();
            }
            pool.hold(BYTES_OF_LEVEL);
            found = new Level(content);
            levels.put(content, found);
        }
        return found;
    }

    /**
     * The answer's place behind a value.
     *
     * @param outcome what is left of the value's condition once the value is complete; without
     *     goals
     * @param value null unless the level records its content
     * @return null if the level can't be completed then
     */
    @Nullable Position after(@Nullable Level level, Condition outcome, @Nullable JsonNode value) {
        if (level == null) {
            return outcome.isTrue() ? end : null;
        }
        Level.Content content = level.content;
        Condition condition = conditions.and(content.condition(), conditions.unwrapped(outcome));
        JsonNode recorded = content.recorded();
        if (recorded != null && value != null) {
            recorded = recorded(recorded, content.key(), value);
            if (!content.object() && condition.unique) {
                JsonNode item = value;
                condition = members.behindItem(condition, seen -> constants.with(seen, item));
            }
        }
        condition = feasibility.settled(condition, content);
        if (condition.isFalse()) {
            return null;
        }
        Level next = level(content.with(condition).recording(recorded));
        if (next.afterValue == null) {
            if (closed(next).isFalse() && !mayGoOn(next)) {
                return null;
            }
            next.afterValue = new Position(new AfterSpot(this, next), gaps.between(next));
        }
        return next.afterValue;
    }

    private static JsonNode recorded(JsonNode before, @Nullable String key, JsonNode value) {
        JsonNode copy = before.deepCopy();
        if (copy instanceof ObjectNode object && key != null) {
            object.set(key, value);
        } else if (copy instanceof ArrayNode array) {
            array.add(value);
        }
        return copy;
    }

    private boolean mayGoOn(Level level) {
        return level.content.object() ? !keys(level).isEmpty() : item(level) != null;
    }

    /**
     * What is left of a container's condition once it is closed: conditions of the containers
     * around it.
     */
    Condition closed(Level level) {
        Condition found = level.closed;
        if (found == null) {
            found = members.closed(level.content.condition(), level.content);
            level.closed = found;
        }
        return found;
    }

    /** Closes a container; null if it may not be closed. */
    @Nullable Position close(Level level) {
        Condition outcome = closed(level);
        return outcome.isFalse()
                ? null
                : after(level.content.parent(), outcome, level.content.recorded());
    }

    /** The keys that may follow. */
    Expression keys(Level level) {
        Expression found = level.keys;
        if (found == null) {
            found = keyPlans.keys(level.content);
            level.keys = found;
        }
        return found;
    }

    /** A level, and the condition of the value that comes next in it. */
    record Member(Level level, Condition value) {}

    /** The member behind a key; null if the key is not allowed. */
    @Nullable Member member(Level level, String key) {
        Level.Content content = level.content;
        if (content.seen().has(key)) {
            return null;
        }
        Condition behind = members.behindKey(keyPlans.behind(content, key), key);
        Level.Content next =
                content.with(content.seen().with(key), content.recorded() == null ? null : key);
        return begun(behind, next);
    }

    /** The member that begins in a container; null if its condition can't hold there. */
    private @Nullable Member begun(Condition condition, Level.Content content) {
        Condition settled = feasibility.settled(condition, content);
        return settled.isFalse() ? null : split(settled, content);
    }

    /** The item that begins; null if no item may begin. */
    @Nullable Member item(Level level) {
        Level.Content content = level.content;
        Condition behind = members.atItem(content.condition(), content.index());
        int horizon = content.condition().horizon;
        Level.Content next = content.at(Math.min(content.index() + 1, horizon + 1));
        return begun(behind, next);
    }

    /** Separates the parts of a condition that wait for the value from the others. */
    private Member split(Condition condition, Level.Content content) {
        List<Condition> stays = new ArrayList<>();
        List<ValueRule> goals = new ArrayList<>();
        List<Condition> value = new ArrayList<>();
        Condition[] parts =
                condition.op == Condition.Op.AND ? condition.parts : new Condition[] {condition};
        for (Condition part : parts) {
            if (part.goal != null) {
                goals.add(part.goal);
            } else if (part.hasGoal) {
                value.add(conditions.wrapped(part));
            } else {
                stays.add(part);
            }
        }
        if (!goals.isEmpty()) {
            value.add(conditions.goal(rules.and(goals)));
        }
        return new Member(level(content.with(conditions.and(stays))), conditions.and(value));
    }

    /** Opens a container; null if no container may begin. */
    @Nullable Position open(@Nullable Level parent, Condition value, boolean object) {
        if (parent != null && parent.depth >= MOST_DEPTH) {
            return null;
        }
        Level.Content content = opened(parent, value, object);
        Condition settled = feasibility.settled(content.condition(), content);
        if (settled.isFalse()) {
            return null;
        }
        Level level = level(content.with(settled));
        boolean closes = !closed(level).isFalse();
        if (object) {
            return closes || !keys(level).isEmpty()
                    ? new Position(new KeySpot(this, level, true), gaps.between(level))
                    : null;
        }
        Member first = item(level);
        if (first == null) {
            return closes
                    ? new Position(
                            new ValueSpot(this, level, conditions.no(), level), gaps.between(level))
                    : null;
        }
        return new Position(
                new ValueSpot(this, first.level, first.value, closes ? level : null),
                gaps.between(level));
    }

    /** The content of a container that has just begun: its condition, and no members yet. */
    private Level.Content opened(@Nullable Level parent, Condition value, boolean object) {
        Condition condition =
                conditions.replace(
                        value,
                        leaf ->
                                leaf.goal == null
                                        ? leaf
                                        : object
                                                ? rules.object(leaf.goal)
                                                : rules.array(leaf.goal));
        boolean records =
                (parent != null && parent.content.recorded() != null)
                        || (!object && condition.unique);
        return new Level.Content(
                parent,
                object,
                condition,
                KeySet.NONE,
                0,
                null,
                !records ? null : object ? constants.object() : constants.array());
    }

    /** The value of a string that has begun, if it went on with a text and then ended. */
    JsonNode valueOf(Trail trail, int start, String more) {
        byte[] begun = trail.copy(start, trail.length());
        byte[] rest = (more + '"').getBytes(StandardCharsets.UTF_8);
        byte[] whole = Arrays.copyOf(begun, begun.length + rest.length);
        System.arraycopy(rest, 0, whole, begun.length, rest.length);
        return value(whole);
    }

    /**
     * Whether an array, or one around it, needs more items, so that it counts which ones it has.
     */
    boolean wantsItems(Level level) {
        for (Level open = level; open != null; open = open.content.parent()) {
            if (!open.content.object() && closed(open).isFalse()) {
                return true;
            }
        }
        return false;
    }

    /** Whether an array, or one around it, may need an item that it has already. */
    boolean wantsRepeat(Level level) {
        for (Level open = level; open != null; open = open.content.parent()) {
            if (!open.content.object() && mayWantRepeat(open.content.condition())) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayWantRepeat(Condition condition) {
        return condition.unique
                && switch (condition.op) {
                    case AND, OR ->
                            Arrays.stream(condition.parts).anyMatch(JsonMachine::mayWantRepeat);
                    case NOT, ONE -> true;
                    default -> false;
                };
    }

    /** The expressions by which rules distinguish keys that they don't name. */
    Set<Expression> patterns(Level level) {
        return keyPlans.patterns(level.content.condition());
    }

    /** The expressions that match a key. */
    Set<Expression> matching(Set<Expression> patterns, String key) {
        return members.matching(patterns, key);
    }

    /** The keys that rules name, sorted. */
    String[] named(Level level) {
        return keyPlans.named(level.content);
    }

    /** The part of a level that decides how it may end; null if all of it does. */
    Level.@Nullable Likeness likeness(Level level) {
        return keyPlans.likeness(level);
    }

    /** The keys that the likeness of a level leaves out, as they are written. */
    List<String> otherKeys(Level level) {
        return keyPlans.otherKeys(level);
    }

    /** The value that some bytes spell. */
    JsonNode value(byte[] bytes) {
        return constants.read(bytes);
    }
}
