package dev.weft.grammar.rule;

import dev.weft.grammar.expression.Expressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes conditions, each once, simplified. Its grammar's lock guards it. */
public final class Conditions {
    private static final Condition[] NO_PARTS = {};
    private static final int BYTES_OF_CONDITION = 160;

    private final Map<Key, Condition> made = new HashMap<>();
    private final Expressions pool;
    private final Condition yes;
    private final Condition no;

    private record Key(
            Condition.Op op,
            List<Condition> parts,
            @Nullable ContainerRule rule,
            @Nullable ValueRule goal) {}

    /** Replaces the leaves of a condition. */
    public interface Replacement {
        /** The condition that replaces one of op RULE, GOAL or OUTER. */
        public Condition of(Condition leaf);

        /**
         * The replacement of leaves within NOT and ONE, where a leaf that holds may make the whole
         * fail.
         */
        default Replacement within() {
            return this;
        }

        /** A replacement with another one within NOT and ONE. */
        static Replacement of(Replacement outside, Replacement within) {
            return new Replacement() {
                @Override
                public Condition of(Condition leaf) {
                    return outside.of(leaf);
                }

                @Override
                public Replacement within() {
                    return within;
                }
            };
        }
    }

    Conditions(Expressions pool) {
        this.pool = pool;
        yes = intern(Condition.Op.TRUE, NO_PARTS, null, null);
        no = intern(Condition.Op.FALSE, NO_PARTS, null, null);
    }

    public Condition yes() {
        return yes;
    }

    public Condition no() {
        return no;
    }

    public Condition of(boolean value) {
        return value ? yes : no;
    }

    public Condition rule(ContainerRule rule) {
        return intern(Condition.Op.RULE, NO_PARTS, rule, null);
    }

    public Condition goal(ValueRule wanted) {
        ValueRule rule = wanted;
        while (rule.target != null) {
            rule = rule.target;
        }
        return switch (rule.op) {
            case TRUE -> yes;
            case FALSE -> no;
            default -> intern(Condition.Op.GOAL, NO_PARTS, null, rule);
        };
    }

    Condition outer(Condition inner) {
        return switch (inner.op) {
            case TRUE, FALSE -> inner;
            default -> intern(Condition.Op.OUTER, new Condition[] {inner}, null, null);
        };
    }

    public Condition not(Condition part) {
        return switch (part.op) {
            case TRUE -> no;
            case FALSE -> yes;
            case NOT -> part.parts[0];
            default -> intern(Condition.Op.NOT, new Condition[] {part}, null, null);
        };
    }

    public Condition and(Condition a, Condition b) {
        return a.isTrue() ? b : b.isTrue() ? a : and(List.of(a, b));
    }

    public Condition and(List<Condition> all) {
        Set<Condition> parts = new java.util.LinkedHashSet<>();
        for (Condition c : all) {
            if (c.op == Condition.Op.AND) {
                parts.addAll(List.of(c.parts));
            } else if (c.isFalse()) {
                return no;
            } else if (!c.isTrue()) {
                parts.add(c);
            }
        }
        return contradicts(parts) ? no : joined(Condition.Op.AND, parts, yes);
    }

    private static boolean contradicts(Set<Condition> parts) {
        for (Condition part : parts) {
            if (part.op == Condition.Op.NOT && parts.contains(part.parts[0])) {
                return true;
            }
        }
        return false;
    }

    public Condition or(List<Condition> all) {
        Set<Condition> parts = new java.util.LinkedHashSet<>();
        for (Condition c : all) {
            if (c.op == Condition.Op.OR) {
                parts.addAll(List.of(c.parts));
            } else if (c.isTrue()) {
                return yes;
            } else if (!c.isFalse()) {
                parts.add(c);
            }
        }
        if (contradicts(parts)) {
            return yes;
        }
        return parts.size() < 2 ? joined(Condition.Op.OR, parts, no) : factored(parts);
    }

    /**
     * Makes {@code a(b | c)} of {@code ab | ac}, so that what all branches want is wanted at once.
     */
    private Condition factored(Set<Condition> branches) {
        Set<Condition> common = null;
        for (Condition branch : branches) {
            Set<Condition> own =
                    branch.op == Condition.Op.AND ? Set.of(branch.parts) : Set.of(branch);
            if (common == null) {
                common = new HashSet<>(own);
            } else {
                common.retainAll(own);
            }
            if (common.isEmpty()) {
                return joined(Condition.Op.OR, branches, no);
            }
        }
        Set<Condition> shared = common == null ? Set.of() : common;
        List<Condition> rests = new ArrayList<>();
        for (Condition branch : branches) {
            List<Condition> rest = new ArrayList<>();
            for (Condition part :
                    branch.op == Condition.Op.AND ? branch.parts : new Condition[] {branch}) {
                if (!shared.contains(part)) {
                    rest.add(part);
                }
            }
            rests.add(and(rest));
        }
        List<Condition> all = new ArrayList<>(shared);
        all.add(or(rests));
        return and(all);
    }

    public Condition one(List<Condition> all) {
        List<Condition> parts = new ArrayList<>();
        int certain = 0;
        for (Condition c : all) {
            if (c.isTrue()) {
                certain++;
            } else if (!c.isFalse()) {
                parts.add(c);
            }
        }
        if (certain > 1) {
            return no;
        }
        if (certain == 1) {
            return not(or(parts));
        }
        return switch (parts.size()) {
            case 0 -> no;
            case 1 -> parts.getFirst();
            default -> intern(Condition.Op.ONE, parts.toArray(Condition[]::new), null, null);
        };
    }

    private Condition joined(Condition.Op op, Set<Condition> parts, Condition none) {
        if (parts.size() < 2) {
            return parts.isEmpty() ? none : parts.iterator().next();
        }
        Condition[] sorted =
                parts.stream()
                        .sorted(java.util.Comparator.comparingInt((Condition c) -> c.id))
                        .toArray(Condition[]::new);
        return intern(op, sorted, null, null);
    }

    private Condition intern(
            Condition.Op op,
            Condition[] parts,
            @Nullable ContainerRule rule,
            @Nullable ValueRule goal) {
        Key key = new Key(op, List.of(parts), rule, goal);
        Condition found = made.get(key);
        if (found == null) {
            pool.budget().spend(4 + parts.length);
            pool.hold(BYTES_OF_CONDITION + 8L * parts.length);
            found = new Condition(made.size(), op, parts, rule, goal);
            made.put(key, found);
        }
        return found;
    }

    /** A condition with other leaves. */
    public Condition replace(Condition condition, Replacement replacement) {
        pool.budget().spend(1);
        return switch (condition.op) {
            case TRUE, FALSE -> condition;
            case RULE, GOAL, OUTER -> replacement.of(condition);
            case NOT -> not(replace(condition.parts[0], replacement.within()));
            case AND -> and(replaceAll(condition, replacement, no));
            case OR -> or(replaceAll(condition, replacement, yes));
            case ONE -> one(replaceAll(condition, replacement.within(), null));
        };
    }

    private List<Condition> replaceAll(
            Condition condition, Replacement replacement, @Nullable Condition decisive) {
        List<Condition> parts = new ArrayList<>(condition.parts.length);
        for (Condition part : condition.parts) {
            Condition replaced = replace(part, replacement);
            parts.add(replaced);
            if (replaced.equals(decisive)) {
                break;
            }
        }
        return parts;
    }

    /** Hides what belongs to this container behind OUTER, so that only goals are left open. */
    public Condition wrapped(Condition condition) {
        pool.budget().spend(1);
        if (!condition.hasGoal) {
            return outer(condition);
        }
        return switch (condition.op) {
            case NOT -> not(wrapped(condition.parts[0]));
            case AND -> and(wrappedAll(condition));
            case OR -> or(wrappedAll(condition));
            case ONE -> one(wrappedAll(condition));
            default -> condition;
        };
    }

    private List<Condition> wrappedAll(Condition condition) {
        List<Condition> parts = new ArrayList<>();
        for (Condition part : condition.parts) {
            parts.add(wrapped(part));
        }
        return parts;
    }

    /** The opposite of {@link #wrapped}, once all goals are decided. */
    public Condition unwrapped(Condition condition) {
        return replace(condition, leaf -> leaf.op == Condition.Op.OUTER ? leaf.parts[0] : leaf);
    }
}
