package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Derives expressions (Brzozowski 1964): what may follow a byte. The expressions keep the results,
 * for classes of bytes at once.
 */
final class Derivatives {
    /**
     * Bytes of a table of followers without its entries, and of a table of classes, which only some
     * expressions have.
     */
    private static final int BYTES_OF_STATE = 126;

    /** So few followers that finding out which of them are alike costs more than deriving each. */
    private static final int FEW_BYTES = 32;

    /** There are more characters than this, so that fewer texts can't be all of them. */
    private static final int FEW_TEXTS = 1_000_000;

    private final Expressions pool;
    private final Expression empty;
    private final KnownEndings endings;
    private final Multiples multiples;

    Derivatives(Expressions pool) {
        this.pool = pool;
        this.empty = pool.empty();
        this.endings = new KnownEndings(this);
        this.multiples = new Multiples(pool, this);
    }

    /**
     * What may follow a byte in a string of an expression; the empty expression if no string begins
     * so. Every other result matches something.
     */
    Expression step(Expression e, int b) {
        if (!e.first.has(b)) {
            return empty;
        }
        Expression[] next = e.next;
        if (next == null) {
            next = new Expression[e.first.highest() - e.first.lowest() + 1];
            pool.hold(BYTES_OF_STATE + 4L * next.length);
            e.next = next;
            e.lowest = e.first.lowest();
        }
        Expression found = next[b - e.lowest];
        if (found == null) {
            found = derive(e, b);
            if (!isLive(found)) {
                found = empty;
            }
            next[b - e.lowest] = found;
            if (e.first.size() > FEW_BYTES) {
                byte[] classes = classes(e);
                for (int i = 0; i < next.length; i++) {
                    if (classes[e.lowest + i] == classes[b]) {
                        next[i] = found;
                    }
                }
            }
        }
        return found;
    }

    private byte[] classes(Expression e) {
        byte[] classes = e.classes;
        if (classes == null) {
            ByteClasses collected = new ByteClasses();
            collect(e, collected);
            pool.budget().spend(16);
            classes = collected.classes();
            e.classes = classes;
        }
        return classes;
    }

    private void collect(Expression e, ByteClasses out) {
        if (e.parts.length > 0) {
            pool.budget().spend(1);
        }
        switch (e.kind) {
            case EMPTY, EPSILON -> {}
            case BYTES -> out.split(e.bytes);
            case CONCAT -> {
                collect(e.parts[0], out);
                if (e.parts[0].nullable) {
                    collect(e.parts[1], out);
                }
            }
            case OR, AND, NOT, REPEAT -> {
                for (Expression part : e.parts) {
                    collect(part, out);
                }
            }
            case MULTIPLE -> {
                for (int digit = '0'; digit <= '9'; digit++) {
                    out.split(ByteSet.range(digit, digit));
                }
                out.split(ByteSet.range('.', '.'));
            }
        }
    }

    /**
     * The derivatives of an expression by each byte, whether they match anything or not. Each is
     * found once for all bytes that the expression doesn't tell apart.
     */
    IntFunction<Expression> behind(Expression e) {
        byte[] classes = classes(e);
        @Nullable Expression[] found = new Expression[256];
        return b -> {
            int own = classes[b] & 0xFF;
            Expression known = found[own];
            if (known == null) {
                known = derive(e, b);
                found[own] = known;
            }
            return known;
        };
    }

    /**
     * Whether it shows without a search that an expression matches something: that is known, or a
     * text that lately ended another expression leads to a match.
     */
    boolean isLiveSoon(Expression e) {
        return e.nullable
                || (!e.complex && e != empty)
                || e.life == Expression.Life.LIVE
                || (e.life == Expression.Life.UNKNOWN && (isSurelyLive(e) || endings.matchOne(e)));
    }

    /** The derivative of an expression by a byte, whether it matches anything or not. */
    Expression derive(Expression e, int b) {
        pool.budget().spend(1);
        if (!e.first.has(b)) {
            return empty;
        }
        return switch (e.kind) {
            case EMPTY, EPSILON -> empty;
            case BYTES -> pool.epsilon();
            case CONCAT -> {
                Expression head = pool.concat(derive(e.parts[0], b), e.parts[1]);
                yield e.parts[0].nullable ? pool.or(head, derive(e.parts[1], b)) : head;
            }
            case OR -> pool.or(deriveAll(e, b));
            case AND -> pool.and(deriveAll(e, b));
            case NOT -> pool.not(derive(e.parts[0], b));
            case REPEAT -> {
                int max = e.max == Expression.UNBOUNDED ? e.max : e.max - 1;
                yield pool.concat(
                        derive(e.parts[0], b),
                        pool.repeat(e.parts[0], Math.max(0, e.min - 1), max));
            }
            case MULTIPLE -> {
                MultipleState state = e.multiple == null ? null : e.multiple.next(b);
                yield state == null ? empty : pool.multiples(state);
            }
        };
    }

    private List<Expression> deriveAll(Expression e, int b) {
        List<Expression> derived = new ArrayList<>(e.parts.length);
        for (Expression part : e.parts) {
            Expression d = derive(part, b);
            if (d == empty && e.kind == Expression.Kind.AND) {
                return List.of(empty);
            }
            if (d != empty) {
                derived.add(d);
            }
        }
        return derived;
    }

    /** Whether an expression matches anything. */
    boolean isLive(Expression e) {
        if (!e.complex || e.nullable) {
            return e != empty;
        }
        if (e.life == Expression.Life.UNKNOWN && isSurelyLive(e)) {
            e.life = Expression.Life.LIVE;
        }
        if (e.life == Expression.Life.UNKNOWN) {
            if (isSurelyDead(e)) {
                return false;
            }
            if (endings.matchOne(e)) {
                e.life = Expression.Life.LIVE;
            } else {
                endings.add(new LifeSearch(this).decide(e));
            }
        }
        return e.life == Expression.Life.LIVE;
    }

    /** Whether it shows without a search that an expression matches something. */
    private boolean isSurelyLive(Expression e) {
        return switch (e.kind) {
            case OR -> hasLivePart(e);
            case AND -> isMoreThanFinite(e) || multiples.isSurelyLive(e);
            default -> e.kind == Expression.Kind.NOT && e.parts[0].finite;
        };
    }

    Multiples multiples() {
        return multiples;
    }

    /** Whether it is known without a search through derivatives that nothing matches. */
    boolean isSurelyDead(Expression e) {
        if (multiples.isSurelyDead(e)) {
            e.life = Expression.Life.DEAD;
        }
        return e.life == Expression.Life.DEAD;
    }

    private boolean hasLivePart(Expression e) {
        for (Expression part : e.parts) {
            if (!part.complex || part.life == Expression.Life.LIVE || isSurelyLive(part)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether an intersection surely matches something: it has one part at most that surely
     * matches, counts of characters that this part keeps to, and complements that refuse only a few
     * texts.
     */
    private boolean isMoreThanFinite(Expression e) {
        Expression own = null;
        int least = 0;
        int most = Integer.MAX_VALUE;
        long refused = 0;
        for (Expression part : e.parts) {
            if (part.kind == Expression.Kind.NOT && part.parts[0].finite) {
                refused += part.parts[0].words;
            } else if (pool.counts(part)) {
                least = Math.max(least, part.min);
                most = part.max == Expression.UNBOUNDED ? most : Math.min(most, part.max);
            } else if (part.complex || own != null) {
                return false;
            } else {
                own = part;
            }
        }
        if (own == null) {
            return refused < FEW_TEXTS && most >= Math.max(1, least);
        }
        // it has at most as many characters as bytes
        boolean keeps = least == 0 && own.shortest <= most;
        return refused == 0 ? keeps : !own.finite && most == Integer.MAX_VALUE && least == 0;
    }

    /** The derivative of an expression by a byte and the others of its class. */
    record Derived(int b, Expression e) {}

    /** The different derivatives of an expression, whether live or not. */
    List<Derived> of(Expression e) {
        byte[] classes = classes(e);
        boolean[] seen = new boolean[256];
        List<Derived> all = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            int c = classes[b] & 0xFF;
            if (!seen[c] && e.first.has(b)) {
                seen[c] = true;
                Expression d = derive(e, b);
                if (d != empty) {
                    all.add(new Derived(b, d));
                }
            }
        }
        return all;
    }
}
