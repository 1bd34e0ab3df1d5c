package dev.weft.grammar.limit;

import dev.weft.grammar.budget.LimitException;
import dev.weft.grammar.pattern.PatternException;

/** Makes the exceptions that callers of a grammar get. */
public final class GrammarErrors {
    private GrammarErrors() {}

    public static GrammarException exceeded(String what, LimitException e) {
        GrammarException.Kind kind =
                switch (e.limit()) {
                    case WORK, MEMORY -> GrammarException.Kind.TOO_LARGE;
                    case TIME -> GrammarException.Kind.TIMEOUT;
                    case CANCELLED -> GrammarException.Kind.CANCELLED;
                };
        return new GrammarException(kind, "", "", what + " is given up: " + e.getMessage());
    }

    /** The exception for a stack overflow that no other bound prevented. */
    public static GrammarException tooDeep(String what) {
        return new GrammarException(
                GrammarException.Kind.TOO_LARGE,
                "",
                "",
                what + " is given up: it nests too deeply");
    }

    /** The exception for a grammar whose answers can't be begun. */
    public static GrammarException tooManyBeginnings() {
        return new GrammarException(
                GrammarException.Kind.TOO_LARGE,
                "",
                "",
                "it takes too much work or memory to find what an answer may begin with; allowed:"
                        + " fewer alternatives, properties or rules");
    }

    /** The exception for a fault, one that no input may cause. */
    public static GrammarException fault(String what, RuntimeException e) {
        GrammarException fault =
                new GrammarException(
                        GrammarException.Kind.FAULT,
                        "",
                        "",
                        what + " is given up: a fault of the server, which its log tells");
        fault.initCause(e);
        return fault;
    }

    public static GrammarException refused(
            String pointer, String keyword, String pattern, PatternException e) {
        return new GrammarException(
                e.isUnsupported()
                        ? GrammarException.Kind.UNSUPPORTED
                        : GrammarException.Kind.INVALID,
                pointer,
                keyword,
                "%s '%s': %s".formatted(keyword, shortened(pattern), e.getMessage()));
    }

    public static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
