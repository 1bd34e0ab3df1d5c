package dev.weft.chat.jinja;

import java.util.List;

/** What values are assigned to. */
sealed interface Target {
    record Variable(String name) implements Target {}

    /** {@code namespace.attribute}. */
    record NamespaceAttribute(String namespace, String attribute) implements Target {}

    record Several(List<Target> targets) implements Target {
        public Several {
            targets = List.copyOf(targets);
        }
    }
}
