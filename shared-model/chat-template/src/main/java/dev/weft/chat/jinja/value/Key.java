package dev.weft.chat.jinja.value;

import java.math.BigInteger;
import java.util.List;

/**
 * What stands for a value as a key of a dict: equal where Python's hash and equality are. Keys have
 * an order, so that a dict finds one among any number of others that a template made with the same
 * hash.
 */
final class Key implements Comparable<Key> {
    /** Kinds, in their order; numbers that are whole are all INTEGER. */
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

    private Key(Kind kind, Object content) {
        this.kind = kind;
        this.content = content;
        this.hash = content.hashCode();
    }

    static Key text(String text) {
        return new Key(Kind.TEXT, text);
    }

    static Key integer(BigInteger number) {
        return new Key(Kind.INTEGER, number);
    }

    static Key real(double number) {
        return new Key(Kind.REAL, number);
    }

    /** By length, first number and step. */
    static Key range(List<Long> parts) {
        return new Key(Kind.RANGE, parts);
    }

    static Key tuple(List<Key> items) {
        return new Key(Kind.TUPLE, items);
    }

    /** One of a kind whose equality is the object's own. */
    static Key object(Kind kind, Object object) {
        return new Key(kind, object);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key
                && key.hash == hash
                && key.kind == kind
                && key.content.equals(content);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** 0 also for different objects of kind OBJECT: nobody chooses their hashes. */
    @Override
    public int compareTo(Key other) {
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
                    left.get(i) instanceof Key key
                            ? key.compareTo((Key) right.get(i))
                            : ((Long) left.get(i)).compareTo((Long) right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }
}
