package dev.weft.inference.server.constraint;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;

/** The errors for clients whose grammars are refused. */
final class RefusedGrammars {
    private RefusedGrammars() {}

    static ApiException refused(HeldReply asked, GrammarException e) {
        String tool = e.tool();
        if (tool != null) {
            return refused(
                    "Invalid schema for function '" + tool + "'",
                    asked.toolFields().getOrDefault(tool, "tools"),
                    e.kind() == GrammarException.Kind.INVALID
                            ? ErrorCode.INVALID_FUNCTION_PARAMETERS
                            : code(e),
                    e);
        }
        AnswerRule text = asked.text();
        return text == null
                ? refused("Invalid value for 'tools'", "tools", code(e), e)
                : refused(text.subject(), text.field(), code(e), e);
    }

    private static ApiException refused(
            String subject, String field, ErrorCode code, GrammarException e) {
        String where = where(e.pointer(), e.keyword());
        return new ApiException(
                code, StrictSchema.shortened(subject + where + ": " + e.getMessage()), field);
    }

    /** Says in words where in a schema something is. */
    static String where(String pointer, String keyword) {
        return (pointer.isEmpty() ? "" : " at '" + pointer + "'")
                + (keyword.isEmpty() ? "" : ", keyword '" + keyword + "'");
    }

    private static ErrorCode code(GrammarException e) {
        return switch (e.kind()) {
            case UNSUPPORTED -> ErrorCode.UNSUPPORTED_PARAMETER;
            case INVALID, TOO_LARGE -> ErrorCode.INVALID_VALUE;
            case TIMEOUT, CANCELLED -> ErrorCode.OVERLOADED;
            case FAULT -> ErrorCode.INTERNAL;
        };
    }
}
