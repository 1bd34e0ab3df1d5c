package dev.weft.chat.jinja.value;

import java.math.BigInteger;
import java.util.List;

/**
 * Stands for a value as a key of a dict. Two keys are equal if Python takes their values for one
 * key. Keys have an order, so that a dict finds one among any number of others that a template made
 * with the same hash.
 */
final class HashKey implements Comparable<HashKey> {
    /** Kinds, in their order; all whole numbers are INTEGER. */
    enum Kind {
        TEXT,
        INTEGER,
        REAL,
        RANGE,
        TUPLE,
        NONE,
        UNDEFINED,
        OBJECT
    }

    private final Kind kind;
    private final Object content;
    private final int hash;

    private HashKey(Kind kind, Object content) {
        this.kind = kind;
        this.content = content;
        this.hash = content.hashCode();
    }

    static HashKey text(String text) {
        return new HashKey(Kind.TEXT, text);
    }

    static HashKey integer(BigInteger number) {
        return new HashKey(Kind.INTEGER, number);
    }

    static HashKey real(double number) {
        return new HashKey(Kind.REAL, number);
    }

    /** A key of a range, by length, first number and step. */
    static HashKey range(List<Long> parts) {
        return new HashKey(Kind.RANGE, parts);
    }

    static HashKey tuple(List<HashKey> items) {
        return new HashKey(Kind.TUPLE, items);
    }

    /** A key of a kind whose equality is the object's own. */
    static HashKey object(Kind kind, Object object) {
        return new HashKey(kind, object);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HashKey key
                && key.hash == hash
                && key.kind == kind
                && key.content.equals(content);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Returns 0 also for different objects of kind OBJECT: no template can choose their hashes. */
    @Override
    public int compareTo(HashKey other) {
        if (kind != other.kind) {
            return kind.compareTo(other.kind);
        }
        return switch (kind) {
            case TEXT -> ((String) content).compareTo((String) other.content);
            case INTEGER -> ((BigInteger) content).compareTo((BigInteger) other.content);
            case REAL -> ((Double) content).compareTo((Double) other.content);
            case RANGE, TUPLE -> compare((List<?>) content, (List<?>) other.content);
            case NONE, UNDEFINED, OBJECT -> 0;
        };
    }

    private static int compare(List<?> left, List<?> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order =
                    left.get(i) instanceof HashKey key
                            ? key.compareTo((HashKey) right.get(i))
                            : ((Long) left.get(i)).compareTo((Long) right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }
}
