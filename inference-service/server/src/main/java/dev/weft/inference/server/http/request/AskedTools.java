package dev.weft.inference.server.http.request;

import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.format.Tool;
import dev.weft.grammar.reply.parser.ReplyParser;
import dev.weft.inference.server.prompt.ReplyStyle;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
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

    /**
     * The rule of a reply's calls; null if it may call nothing. Calls that have to be the whole
     * reply can't follow text.
     *
     * @param begun text of the answer that the reply goes on with
     * @throws ApiException if a call begins in that text, since the call's rest would be taken for
     *     text
     */
    ReplyRule.@Nullable Calls callsBehind(String begun, ReplyStyle style) {
        if (callable.isEmpty()) {
            return null;
        }
        CallSyntax syntax = style.calls();
        boolean more = several && style.several() && choice != Choice.NAMED;
        var calls = new ReplyRule.Calls(syntax, callable, required(), more);
        if (begun.isBlank()) {
            return calls;
        }
        boolean anywhere = syntax.place() == CallSyntax.Placement.ANYWHERE;
        if (anywhere ? begun.contains(mark(syntax)) : begins(calls, begun)) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid value for 'messages': a call of a tool begins in the text that is to"
                        + " be continued; allowed: text without one, or \"tool_choice\": \"none\"",
                    "messages");
        }
        return anywhere ? calls : null;
    }

    private static String mark(CallSyntax syntax) {
        return syntax.openings().getFirst().head().text();
    }

    private static boolean begins(ReplyRule.Calls calls, String text) {
        ReplyParser parser = new ReplyParser(new ReplyRule(calls, null));
        parser.add(text);
        return parser.calls() > 0;
    }
}
