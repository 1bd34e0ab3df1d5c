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
 */
public record ReplyRule(@Nullable Calls calls, @Nullable Thought thought) {
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
