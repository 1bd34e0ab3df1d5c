package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/** Unions and intersections of a pool's expressions, simplified without a search. */
final class Combinations {
    /** Parts that are put together and sorted in about a step. */
    private static final int PARTS_PER_STEP = 8;

    /** So few parts that a search through them takes about as long as a look-up by hash. */
    private static final int FEW_PARTS = 16;

    private final Expressions pool;
    private final ExpressionTable table;

    Combinations(Expressions pool, ExpressionTable table) {
        this.pool = pool;
        this.table = table;
    }

    /** Matches what any of some expressions matches. */
    Expression or(List<Expression> all) {
        List<Expression> parts = new ArrayList<>(all.size());
        ByteSet bytes = ByteSet.NONE;
        for (Expression e : all) {
            bytes = addOr(parts, e, bytes);
        }
        pool.budget().spend(parts.size() / PARTS_PER_STEP);
        if (parts.contains(pool.any())) {
            return pool.any();
        }
        if (!bytes.isEmpty()) {
            parts.add(pool.bytes(bytes));
        }
        if (parts.contains(pool.text())) {
            parts.removeIf(part -> part.whole && part != pool.text());
        }
        mergeHeads(parts);
        Expression[] sorted = sorted(parts);
        return switch (sorted.length) {
            case 0 -> pool.empty();
            case 1 -> sorted[0];
            default -> table.intern(Expression.Kind.OR, sorted, 0, 0, ByteSet.NONE, null);
        };
    }

    private ByteSet addOr(List<Expression> parts, Expression e, ByteSet bytes) {
        ByteSet set = bytes;
        switch (e.kind) {
            case EMPTY -> {}
            case BYTES -> set = set.or(e.bytes);
            case OR -> {
                for (Expression part : e.parts) {
                    set = addOr(parts, part, set);
                }
            }
            default -> parts.add(e);
        }
        return set;
    }

    /** Makes {@code [ab]x} of {@code ax} and {@code bx}. */
    private void mergeHeads(List<Expression> parts) {
        if (parts.size() < 2 || parts.size() > 64) {
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            Expression e = parts.get(i);
            if (e.kind != Expression.Kind.CONCAT || e.parts[0].kind != Expression.Kind.BYTES) {
                continue;
            }
            ByteSet heads = e.parts[0].bytes;
            for (int j = parts.size() - 1; j > i; j--) {
                Expression o = parts.get(j);
                if (o.kind == Expression.Kind.CONCAT
                        && o.parts[1] == e.parts[1]
                        && o.parts[0].kind == Expression.Kind.BYTES) {
                    heads = heads.or(o.parts[0].bytes);
                    parts.remove(j);
                }
            }
            if (!heads.equals(e.parts[0].bytes)) {
                parts.set(i, pool.concat(pool.bytes(heads), e.parts[1]));
            }
        }
    }

    private static Expression[] sorted(List<Expression> parts) {
        return parts.stream()
                .distinct()
                .sorted(Comparator.comparingInt((Expression e) -> e.id))
                .toArray(Expression[]::new);
    }

    /** Matches what all of some expressions match. */
    Expression and(List<Expression> all) {
        List<Expression> parts = new ArrayList<>(all.size());
        ByteSet bytes = ByteSet.ALL;
        boolean single = false;
        for (Expression e : all) {
            if (e.kind == Expression.Kind.BYTES) {
                bytes = bytes.and(e.bytes);
                single = true;
            } else if (e.kind == Expression.Kind.AND) {
                for (Expression part : e.parts) {
                    single |= part.kind == Expression.Kind.BYTES;
                    bytes = part.kind == Expression.Kind.BYTES ? bytes.and(part.bytes) : bytes;
                    addAnd(parts, part);
                }
            } else {
                addAnd(parts, e);
            }
        }
        if (single) {
            parts.add(pool.bytes(bytes));
        }
        return interned(parts);
    }

    private void addAnd(List<Expression> parts, Expression e) {
        if (e != pool.any() && e.kind != Expression.Kind.BYTES) {
            parts.add(e);
        }
    }

    private Expression interned(List<Expression> parts) {
        pool.budget().spend(parts.size() / PARTS_PER_STEP);
        Expression[] sorted = sorted(parts);
        if (sorted.length == 0) {
            return pool.any();
        }
        if (sorted.length == 1) {
            return sorted[0];
        }
        Collection<Expression> all = Arrays.asList(sorted);
        if (sorted.length > FEW_PARTS) {
            all = new HashSet<>(all);
        }
        if (all.contains(pool.noText()) && isWhole(sorted)) {
            return pool.empty();
        }
        boolean nullable = true;
        boolean ends = false;
        ByteSet first = ByteSet.ALL;
        for (Expression part : sorted) {
            if (part == pool.empty()
                    || (part.kind == Expression.Kind.NOT && all.contains(part.parts[0]))) {
                return pool.empty();
            }
            ends |= part == pool.epsilon();
            nullable &= part.nullable;
            first = first.and(part.first);
        }
        if (ends || first.isEmpty()) {
            return nullable ? pool.epsilon() : pool.empty();
        }
        return table.intern(Expression.Kind.AND, sorted, 0, 0, ByteSet.NONE, null);
    }

    private static boolean isWhole(Expression[] parts) {
        for (Expression part : parts) {
            if (part.whole) {
                return true;
            }
        }
        return false;
    }
}
