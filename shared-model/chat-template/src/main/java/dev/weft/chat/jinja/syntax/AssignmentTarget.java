package dev.weft.chat.jinja.syntax;

import java.util.List;

/** The target of an assignment. */
public sealed interface AssignmentTarget {
    record Variable(String name) implements AssignmentTarget {}

    /** {@code namespace.attribute}. */
    record NamespaceAttribute(String namespace, String attribute) implements AssignmentTarget {}

    record Several(List<AssignmentTarget> targets) implements AssignmentTarget {
        public Several {
            targets = List.copyOf(targets);
        }
    }
}
