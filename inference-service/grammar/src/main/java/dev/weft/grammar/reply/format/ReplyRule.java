package dev.weft.grammar.reply.format;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reply may be.
 *
 * @param calls the tools that it may call, and how; null for none
 * @param thought what may come before; null for nothing
 * @param text what it is held to if it calls nothing
 */
public record ReplyRule(@Nullable Calls calls, @Nullable Thought thought, Text text) {
    /** What a text is held to. A reply that calls nothing at its beginning calls nothing then. */
    public enum Text {
        /** Nothing: calls may come within it. */
        FREE,
        /** A form that whitespace before it does not change, such as JSON's. */
        FORMED,
        /** A form whose every character counts, whitespace at its beginning, too. */
        EXACT
    }

    /** What a reply of free text may be. */
    public ReplyRule(@Nullable Calls calls, @Nullable Thought thought) {
        this(calls, thought, Text.FREE);
    }

    /** Whether whitespace between a thought and what is behind it belongs to neither. */
    public boolean hasGap() {
        return text != Text.EXACT;
    }

    /**
     * Calls of tools.
     *
     * @param tools one or more, each name once
     * @param required whether the reply has to be calls
     * @param several whether there may be more than one
     */
    public record Calls(CallSyntax syntax, List<Tool> tools, boolean required, boolean several) {
        public Calls {
            tools = List.copyOf(tools);
            Set<String> names = new HashSet<>();
            tools.forEach(tool -> names.add(tool.name()));
            if (tools.isEmpty() || names.size() < tools.size()) {
                throw new IllegalArgumentException(
                        tools.size() + " tools with " + names.size() + " names");
            }
        }
    }
}
