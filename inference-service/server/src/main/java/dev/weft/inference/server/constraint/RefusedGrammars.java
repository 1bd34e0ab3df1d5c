package dev.weft.inference.server.constraint;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client is told whose grammar is refused. */
final class RefusedGrammars {
    private static final Pattern TOOL = Pattern.compile("/tools/(\\d{1,6})(/.*)?");

    private RefusedGrammars() {}

    static ApiException refused(HeldReply asked, GrammarException e) {
        Matcher tool = TOOL.matcher(e.pointer());
        if (asked.reply() != null && asked.reply().calls() != null && tool.matches()) {
            return tool(asked.reply().calls(), Integer.parseInt(tool.group(1)), tool.group(2), e);
        }
        AnswerRule text = asked.text();
        return text == null
                ? refused("Invalid value for 'tools'", "tools", e.pointer(), e)
                : refused(text.subject(), text.field(), e.pointer(), e);
    }

    private static ApiException tool(
            ReplyRule.Calls calls, int index, @Nullable String pointer, GrammarException e) {
        return refused(
                "Invalid schema for function '" + calls.tools().get(index).name() + "'",
                "tools[" + index + "].function.parameters",
                pointer == null ? "" : pointer,
                e);
    }

    private static ApiException refused(
            String subject, String field, String pointer, GrammarException e) {
        String where = where(pointer, e.keyword());
        return new ApiException(
                code(e), StrictSchema.shortened(subject + where + ": " + e.getMessage()), field);
    }

    /** Where in a schema something is. */
    static String where(String pointer, String keyword) {
        return (pointer.isEmpty() ? "" : " at '" + pointer + "'")
                + (keyword.isEmpty() ? "" : ", keyword '" + keyword + "'");
    }

    private static ErrorCode code(GrammarException e) {
        return switch (e.kind()) {
            case UNSUPPORTED -> ErrorCode.UNSUPPORTED_PARAMETER;
            case INVALID, TOO_LARGE -> ErrorCode.INVALID_VALUE;
            case TIMEOUT, CANCELLED -> ErrorCode.OVERLOADED;
        };
    }
}
