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
 * @param formed whether text is held to a form of its own: a reply that calls nothing at its
 *     beginning then calls nothing at all
 */
public record ReplyRule(@Nullable Calls calls, @Nullable Thought thought, boolean formed) {
    /** What a reply of free text may be. */
    public ReplyRule(@Nullable Calls calls, @Nullable Thought thought) {
        this(calls, thought, false);
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
