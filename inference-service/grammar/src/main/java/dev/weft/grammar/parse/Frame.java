package dev.weft.grammar.parse;

import org.jspecify.annotations.Nullable;

/**
 * The texts that wait for a body that is being read, and go on once it is over. Frames with the
 * same content are one, so that stacks with the same future are one, however they came to be.
 */
final class Frame implements BodyOwner {
    private static final Link.Continue[] NONE = {};

    final int id;

    /** Whether the answer may end once the body is over. */
    final boolean root;

    private Link.Continue @Nullable [] links;

    /** The frame's cost, as {@link Costs} finds it; negative if it is not known. */
    int cost = -1;

    Frame(int id, boolean root) {
        this.id = id;
        this.root = root;
    }

    /** Says who waits; a frame may wait for itself. */
    void fill(Link.Continue[] own) {
        links = own;
    }

    /** {@code [links]}, sorted. */
    Link.Continue[] links() {
        Link.Continue[] known = links;
        return known == null ? NONE : known;
    }
}
