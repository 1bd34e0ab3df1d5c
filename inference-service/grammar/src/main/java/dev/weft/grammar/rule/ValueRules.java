package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.limit.GrammarOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes rules of values, and finds what they say about each type of JSON. Its grammar's lock guards
 * them.
 */
public final class ValueRules {
    public static final int NULL = 1;
    public static final int TRUE = 2;
    public static final int FALSE = 4;
    static final int ALL_CONSTANTS = 7;

    private static final int BYTES_OF_RULE = 160;

    /** Parts that are put together in about a step. */
    private static final int PARTS_PER_STEP = 8;

    private final Map<Key, ValueRule> made = new HashMap<>();
    public final Expressions pool;
    public final Conditions conditions;
    public final NumberExpressions numbers;
    private final ValueRule yes;
    private final ValueRule no;
    private int count;

    private record Key(ValueRule.Op op, List<ValueRule> parts) {}

    /**
     * Rules of one grammar.
     *
     * @param numbers how numbers are written
     */
    public ValueRules(Expressions pool, GrammarOptions.Numbers numbers) {
        this.pool = pool;
        this.conditions = new Conditions(pool);
        this.numbers = new NumberExpressions(pool, numbers);
        yes = create(ValueRule.Op.TRUE, List.of(), null);
        no = create(ValueRule.Op.FALSE, List.of(), null);
    }

    public ValueRule yes() {
        return yes;
    }

    public ValueRule no() {
        return no;
    }

    public ValueRule of(boolean value) {
        return value ? yes : no;
    }

    public ValueRule assertion(Assertion assertion) {
        return create(ValueRule.Op.ASSERTION, List.of(), assertion);
    }

    public ValueRule reference() {
        return create(ValueRule.Op.REFERENCE, List.of(), null);
    }

    public ValueRule not(ValueRule part) {
        return switch (part.op) {
            case TRUE -> no;
            case FALSE -> yes;
            case NOT -> part.parts[0];
            default -> intern(ValueRule.Op.NOT, List.of(part));
        };
    }

    public ValueRule and(List<ValueRule> all) {
        return joined(ValueRule.Op.AND, all, yes, no);
    }

    public ValueRule or(List<ValueRule> all) {
        return joined(ValueRule.Op.OR, all, no, yes);
    }

    /**
     * Whether each value that follows a rule surely follows another one, as far as their parts
     * tell.
     */
    public boolean follows(ValueRule rule, ValueRule other) {
        if (rule == other || other.op == ValueRule.Op.TRUE) {
            return true;
        }
        if (rule.op != ValueRule.Op.AND) {
            return false;
        }
        pool.budget().spend(1 + rule.parts.length / PARTS_PER_STEP);
        Set<ValueRule> parts = Set.of(rule.parts);
        return other.op == ValueRule.Op.AND
                ? parts.containsAll(List.of(other.parts))
                : parts.contains(other);
    }

    private ValueRule joined(
            ValueRule.Op op, List<ValueRule> all, ValueRule neutral, ValueRule decisive) {
        Set<ValueRule> parts = new LinkedHashSet<>();
        for (ValueRule rule : all) {
            pool.budget().spend(1);
            if (rule.op == decisive.op) {
                return decisive;
            }
            if (rule.op == op) {
                pool.budget().spend(rule.parts.length / PARTS_PER_STEP);
                parts.addAll(List.of(rule.parts));
            } else if (rule.op != neutral.op) {
                parts.add(rule);
            }
        }
        return switch (parts.size()) {
            case 0 -> neutral;
            case 1 -> parts.iterator().next();
            default -> intern(op, List.copyOf(parts));
        };
    }

    public ValueRule one(List<ValueRule> all) {
        return all.size() == 1 ? all.getFirst() : create(ValueRule.Op.ONE, all, null);
    }

    private ValueRule intern(ValueRule.Op op, List<ValueRule> parts) {
        Key key = new Key(op, parts);
        ValueRule found = made.get(key);
        if (found == null) {
            found = create(op, parts, null);
            made.put(key, found);
        }
        return found;
    }

    private ValueRule create(
            ValueRule.Op op, List<ValueRule> parts, @Nullable Assertion assertion) {
        pool.budget().spend(4 + parts.size());
        pool.hold(BYTES_OF_RULE + 8L * parts.size());
        return new ValueRule(count++, op, parts.toArray(ValueRule[]::new), assertion);
    }

    private static ValueRule target(ValueRule rule) {
        if (rule.target == null) {
            throw new IllegalStateException("a reference leads nowhere");
        }
        return rule.target;
    }

    private static Assertion asserted(ValueRule rule) {
        if (rule.assertion == null) {
            throw new IllegalStateException("no assertion");
        }
        return rule.assertion;
    }

    /** Which of null, true and false are valid. */
    public int constants(ValueRule rule) {
        if (rule.constants < 0) {
            rule.constants =
                    switch (rule.op) {
                        case TRUE -> ALL_CONSTANTS;
                        case FALSE -> 0;
                        case NOT -> ALL_CONSTANTS & ~constants(rule.parts[0]);
                        case ASSERTION -> asserted(rule).constants();
                        case REFERENCE -> constants(target(rule));
                        case AND, OR, ONE -> joinedConstants(rule);
                    };
        }
        return rule.constants;
    }

    private int joinedConstants(ValueRule rule) {
        int all = ALL_CONSTANTS;
        int any = 0;
        int several = 0;
        for (ValueRule part : rule.parts) {
            int own = constants(part);
            several |= any & own;
            any |= own;
            all &= own;
        }
        return switch (rule.op) {
            case AND -> all;
            case OR -> any;
            default -> any & ~several;
        };
    }

    /** Valid strings, without escapes. */
    public Expression string(ValueRule rule) {
        Expression found = rule.string;
        if (found == null) {
            found =
                    switch (rule.op) {
                        case TRUE -> pool.text();
                        case FALSE -> pool.empty();
                        case NOT -> decidedBy(rule, pool.otherText(string(rule.parts[0])));
                        case ASSERTION -> asserted(rule).string();
                        case REFERENCE -> string(target(rule));
                        case AND -> pool.and(strings(rule));
                        case OR -> pool.or(strings(rule));
                        case ONE -> decidedBy(rule, exactlyOne(strings(rule), pool.text()));
                    };
            rule.string = found;
        }
        return found;
    }

    private Expression decidedBy(ValueRule rule, Expression some) {
        Expression decided = decidedStrings(rule);
        return decided.equals(pool.text()) ? some : pool.and(some, decided);
    }

    /**
     * The strings about which {@link #string} decides for a rule and for all of its parts: such a
     * string is invalid if it is not matched.
     */
    public Expression decidedStrings(ValueRule rule) {
        Expression found = rule.decided;
        if (found == null) {
            found =
                    switch (rule.op) {
                        case TRUE, FALSE -> pool.text();
                        case ASSERTION -> asserted(rule).decidedStrings();
                        case REFERENCE -> decidedStrings(target(rule));
                        case NOT, AND, OR, ONE -> decidedByAll(List.of(rule.parts));
                    };
            rule.decided = found;
        }
        return found;
    }

    /** The strings that each of some rules decides. */
    public Expression decidedByAll(List<ValueRule> all) {
        Set<Expression> some = new LinkedHashSet<>();
        for (ValueRule rule : all) {
            pool.budget().spend(1);
            some.add(decidedStrings(rule));
        }
        some.remove(pool.text());
        return some.isEmpty() ? pool.text() : pool.and(List.copyOf(some));
    }

    private List<Expression> strings(ValueRule rule) {
        List<Expression> all = new ArrayList<>();
        for (ValueRule part : rule.parts) {
            all.add(string(part));
        }
        return all;
    }

    /** Matches what exactly one of some expressions matches, within a language. */
    public Expression exactlyOne(List<Expression> all, Expression within) {
        List<Expression> some = new ArrayList<>(all);
        some.removeIf(Expression::isEmpty);
        if (some.isEmpty()) {
            return pool.empty();
        }
        return exactlyOne(some, 0, some.size(), within).one;
    }

    private record Split(Expression none, Expression one) {}

    private Split exactlyOne(List<Expression> all, int from, int to, Expression within) {
        if (to - from == 1) {
            Expression e = all.get(from);
            return new Split(pool.and(within, pool.not(e)), e);
        }
        int middle = (from + to) >>> 1;
        Split a = exactlyOne(all, from, middle, within);
        Split b = exactlyOne(all, middle, to, within);
        return new Split(
                pool.and(a.none, b.none),
                pool.or(pool.and(a.one, b.none), pool.and(a.none, b.one)));
    }

    /** Valid numbers. */
    public NumberSet number(ValueRule rule) {
        NumberSet found = rule.number;
        if (found == null) {
            found =
                    switch (rule.op) {
                        case TRUE -> numbers.all();
                        case FALSE -> numbers.none();
                        case NOT -> numbers.not(number(rule.parts[0]));
                        case ASSERTION -> asserted(rule).number();
                        case REFERENCE -> number(target(rule));
                        case AND -> numbers.and(numberSets(rule));
                        case OR -> numbers.or(numberSets(rule));
                        case ONE -> oneNumber(numberSets(rule));
                    };
            rule.number = found;
        }
        return found;
    }

    private List<NumberSet> numberSets(ValueRule rule) {
        List<NumberSet> all = new ArrayList<>();
        for (ValueRule part : rule.parts) {
            all.add(number(part));
        }
        return all;
    }

    private NumberSet oneNumber(List<NumberSet> all) {
        List<NumberSet> some = new ArrayList<>(all);
        some.removeIf(set -> set.plain().isEmpty());
        if (some.size() < 2) {
            return some.isEmpty() ? numbers.none() : some.getFirst();
        }
        return numbers.exactlyOne(
                some,
                exactlyOne(some.stream().map(NumberSet::plain).toList(), numbers.all().plain()));
    }

    /** What an object has to fulfil. */
    public Condition object(ValueRule rule) {
        Condition found = rule.object;
        if (found == null) {
            found = container(rule, true);
            rule.object = found;
        }
        return found;
    }

    /** What an array has to fulfil. */
    public Condition array(ValueRule rule) {
        Condition found = rule.array;
        if (found == null) {
            found = container(rule, false);
            rule.array = found;
        }
        return found;
    }

    private Condition container(ValueRule rule, boolean object) {
        return switch (rule.op) {
            case TRUE -> conditions.yes();
            case FALSE -> conditions.no();
            case NOT -> conditions.not(of(rule.parts[0], object));
            case ASSERTION -> object ? asserted(rule).object() : asserted(rule).array();
            case REFERENCE -> of(target(rule), object);
            case AND -> conditions.and(containers(rule, object));
            case OR -> conditions.or(containers(rule, object));
            case ONE -> conditions.one(containers(rule, object));
        };
    }

    private Condition of(ValueRule rule, boolean object) {
        return object ? object(rule) : array(rule);
    }

    private List<Condition> containers(ValueRule rule, boolean object) {
        List<Condition> all = new ArrayList<>();
        for (ValueRule part : rule.parts) {
            all.add(of(part, object));
        }
        return all;
    }
}
