package dev.weft.inference.server.http.request;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Tool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a request.
 *
 * @param shown as the chat template gets them; empty for none
 * @param callable those that the reply may call; empty for none
 * @param choice how it may call them
 * @param several whether it may call more than one
 */
record AskedTools(
        List<Map<String, @Nullable Object>> shown,
        List<Tool> callable,
        Choice choice,
        boolean several) {
    static final AskedTools NONE = new AskedTools(List.of(), List.of(), Choice.NONE, false);

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
    }

    /** Whether the reply has to be calls. */
    boolean required() {
        return choice == Choice.REQUIRED || choice == Choice.NAMED;
    }

    /** The request's fields that hold their schemas, by their names. */
    Map<String, String> schemaFields() {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i).get("function") instanceof Map<?, ?> function) {
                fields.put(
                        String.valueOf(function.get("name")),
                        ToolReader.TOOLS + "[" + i + "].function.parameters");
            }
        }
        return fields;
    }

    /** The rule of a reply; null if it may call nothing. */
    ReplyRule.@Nullable Calls calls(CallSyntax syntax) {
        return callable.isEmpty()
                ? null
                : new ReplyRule.Calls(
                        syntax, callable, required(), several && choice != Choice.NAMED);
    }
}
