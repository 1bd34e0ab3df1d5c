package dev.weft.grammar.parse;

/** Where to go on behind a text or a rule. Each is made once, so identity is equality. */
abstract sealed class Link implements Comparable<Link> {
    final int id;

    private Link(int id) {
        this.id = id;
    }

    @Override
    public final int compareTo(Link other) {
        return Integer.compare(id, other.id);
    }

    @Override
    public final boolean equals(Object other) {
        return this == other;
    }

    @Override
    public final int hashCode() {
        return id;
    }

    /** Goes on with the rest of a body that a frame's callers wait for. */
    static final class Continue extends Link {
        final Rest rest;
        final Frame frame;

        Continue(int id, Rest rest, Frame frame) {
            super(id);
            this.rest = rest;
            this.frame = frame;
        }
    }

    /** Goes on from an earlier state, behind ignored text. */
    static final class Restart extends Link {
        final ParseState state;

        Restart(int id, ParseState state) {
            super(id);
            this.state = state;
        }
    }
}
