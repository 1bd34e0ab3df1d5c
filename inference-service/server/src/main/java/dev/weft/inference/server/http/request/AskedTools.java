package dev.weft.inference.server.http.request;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Tool;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a request.
 *
 * @param shown as the chat template gets them; empty for none
 * @param callable those that the reply may call; empty for none
 * @param schemaFields the request's fields that hold the schemas of tools, by the tools' names
 * @param choice how it may call them
 * @param several whether it may call more than one
 */
record AskedTools(
        List<Map<String, @Nullable Object>> shown,
        List<Tool> callable,
        Map<String, String> schemaFields,
        Choice choice,
        boolean several) {
    static final AskedTools NONE =
            new AskedTools(List.of(), List.of(), Map.of(), Choice.NONE, false);

    /** {@code tool_choice}. */
    enum Choice {
        NONE,
        AUTO,
        REQUIRED,
        /** One tool that is named. */
        NAMED
    }

    AskedTools {
        shown = List.copyOf(shown);
        callable = List.copyOf(callable);
        schemaFields = Map.copyOf(schemaFields);
    }

    /** Whether the reply has to be calls. */
    boolean required() {
        return choice == Choice.REQUIRED || choice == Choice.NAMED;
    }

    /** The rule of a reply; null if it may call nothing. */
    ReplyRule.@Nullable Calls calls(CallSyntax syntax) {
        return callable.isEmpty()
                ? null
                : new ReplyRule.Calls(
                        syntax, callable, required(), several && choice != Choice.NAMED);
    }
}
