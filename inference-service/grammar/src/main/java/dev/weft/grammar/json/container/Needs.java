package dev.weft.grammar.json.container;

import dev.weft.grammar.place.Position;
import dev.weft.grammar.rule.Condition;
import dev.weft.grammar.rule.ContainerRule;
import dev.weft.grammar.rule.ValueRule;
import dev.weft.grammar.rule.ValueRules;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Guesses how many bytes are needed at least for values, and for the containers that are open
 * around them. Parts of a condition are taken for independent. The guess tells which way on to try
 * first. Its grammar's lock guards it.
 */
public final class Needs {
    private static final int MUCH = 1 << 20;
    private static final int QUOTES = 2;
    private static final int BRACKETS = 2;

    /** Bytes of a key that nobody names, and its value. */
    private static final int ANY_MEMBER = 6;

    /** Quotes and colon of a key, and the comma behind its value. */
    private static final int AROUND_MEMBER = 4;

    private static final int SHORT_WORD = 4;
    private static final int LONG_WORD = 5;

    private final ValueRules rules;
    private final Members members;
    private final Position end;
    private final IdentityHashMap<ValueRule, Integer> known = new IdentityHashMap<>();

    /**
     * The needs of values.
     *
     * @param end behind the outermost value
     */
    public Needs(ValueRules rules, Members members, Position end) {
        this.end = end;
        this.rules = rules;
        this.members = members;
    }

    /**
     * Bytes that a level and those around it need to be complete, without the value that is being
     * written.
     */
    public int around(@Nullable Level level) {
        if (level == null) {
            return Math.min(MUCH, end.left());
        }
        if (level.needs < 0) {
            Level.Content content = level.content;
            level.needs =
                    sum(
                            1,
                            sum(
                                    of(content.condition(), content, content.index()),
                                    around(content.parent())));
        }
        return level.needs;
    }

    /**
     * Bytes of a value that has to fulfil a condition, and of what else its level then needs.
     *
     * @param level that it is in; null at the root
     */
    public int of(Condition value, @Nullable Level level) {
        rules.pool.budget().spend(1);
        return switch (value.op) {
            case TRUE, NOT -> 1;
            case FALSE -> MUCH;
            case GOAL -> value.goal == null ? 1 : of(value.goal);
            case RULE -> 0;
            case OUTER -> sum(1, behind(value, level));
            case AND -> {
                int most = 1;
                int others = 0;
                for (Condition part : value.parts) {
                    if (part.hasGoal) {
                        most = Math.max(most, of(part, level));
                    } else {
                        others = sum(others, behind(part, level));
                    }
                }
                yield sum(most, others);
            }
            case OR, ONE -> {
                int least = MUCH;
                for (Condition part : value.parts) {
                    least = Math.min(least, of(part, level));
                }
                yield least;
            }
        };
    }

    /**
     * Bytes that a level wants behind the value that is written in it.
     *
     * @param value the value's condition; its goals count as reached
     */
    public int behind(Condition value, @Nullable Level level) {
        rules.pool.budget().spend(1);
        return switch (value.op) {
            case TRUE, GOAL, NOT, RULE -> 0;
            case FALSE -> MUCH;
            case OUTER ->
                    level == null ? 0 : of(value.parts[0], level.content, level.content.index());
            case AND -> {
                int all = 0;
                for (Condition part : value.parts) {
                    all = sum(all, behind(part, level));
                }
                yield all;
            }
            case OR, ONE -> {
                int least = MUCH;
                for (Condition part : value.parts) {
                    least = Math.min(least, behind(part, level));
                }
                yield least;
            }
        };
    }

    private int of(ValueRule rule) {
        Integer found = known.get(rule);
        if (found == null) {
            // a value that needs itself inside: only others count
            known.put(rule, MUCH);
            found = find(rule);
            known.put(rule, found);
        }
        return found;
    }

    private int find(ValueRule rule) {
        rules.pool.budget().spend(4);
        int constants = rules.constants(rule);
        int least = MUCH;
        if ((constants & ~ValueRules.FALSE) != 0) {
            least = SHORT_WORD;
        } else if (constants != 0) {
            least = LONG_WORD;
        }
        if (!rules.string(rule).isEmpty()) {
            least = Math.min(least, QUOTES + rules.string(rule).shortest());
        }
        if (!rules.number(rule).written().isEmpty()) {
            least = Math.min(least, rules.number(rule).written().shortest());
        }
        if (least > BRACKETS) {
            least = Math.min(least, sum(BRACKETS, of(rules.array(rule), null, 0)));
        }
        if (least > BRACKETS) {
            least = Math.min(least, sum(BRACKETS, of(rules.object(rule), null, 0)));
        }
        return least;
    }

    /**
     * Bytes of the members that a container still wants.
     *
     * @param content what is there; null if nothing is
     */
    public int of(Condition c, Level.@Nullable Content content, int index) {
        rules.pool.budget().spend(1);
        return switch (c.op) {
            case TRUE, GOAL, NOT -> 0;
            case FALSE -> MUCH;
            case RULE -> c.rule == null ? 0 : of(c.rule, content, index);
            case OUTER -> {
                Level parent = content == null ? null : content.parent();
                yield parent == null ? 0 : of(c.parts[0], parent.content, parent.content.index());
            }
            case AND -> {
                int all = 0;
                for (Condition part : c.parts) {
                    all = sum(all, of(part, content, index));
                }
                yield all;
            }
            case OR, ONE -> {
                int least = MUCH;
                for (Condition part : c.parts) {
                    least = Math.min(least, of(part, content, index));
                }
                yield least;
            }
        };
    }

    private int of(ContainerRule rule, Level.@Nullable Content content, int index) {
        return switch (rule) {
            case ContainerRule.OfObject object -> of(object, content);
            case ContainerRule.OfArray array -> {
                int all = 0;
                int single = Math.min(array.min, array.prefix.size());
                for (int i = index; i < single; i++) {
                    all = sum(all, 1 + of(array.at(i)));
                }
                int alike = array.min - Math.max(index, single);
                if (alike > 0) {
                    all = sum(all, times(alike, 1 + of(array.at(array.prefix.size()))));
                }
                yield all;
            }
            case ContainerRule.OfContained some ->
                    times(Math.max(0, some.min() - some.found()), 1 + of(some.item()));
            case ContainerRule.OfUnique _ -> 0;
        };
    }

    private int of(ContainerRule.OfObject object, Level.@Nullable Content content) {
        int all = 0;
        int count = content == null ? 0 : content.seen().size();
        for (String key : object.required) {
            if (content == null || !content.seen().has(key)) {
                count++;
                all = sum(all, AROUND_MEMBER + key.length() + of(members.rule(object, key)));
            }
        }
        return sum(all, times(Math.max(0, object.min - count), ANY_MEMBER));
    }

    private static int sum(int a, int b) {
        return Math.min(MUCH, a + b);
    }

    private static int times(int count, int each) {
        return (int) Math.min(MUCH, (long) count * each);
    }
}
