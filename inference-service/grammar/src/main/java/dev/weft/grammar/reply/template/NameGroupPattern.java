package dev.weft.grammar.reply.template;

import dev.weft.grammar.reply.format.Phrase;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A regular expression of Python's that is a name between fixed texts, as response templates have
 * them: {@code <tool_call>\s*<function=(?P<name>\w+)>}.
 *
 * @param before text before the name, in the form of a {@link Phrase}
 * @param behind text behind it
 */
record NameGroupPattern(String before, String behind) {
    private static final Pattern NAMED =
            Pattern.compile(
                    "(?<before>.*)\\(\\?P<name>(\\\\w|\\[[^\\[\\]]+\\]|\\S)[+*]\\??\\)(?<behind>.*)");

    /** Matches whitespace in a pattern, with or without a quantifier. */
    private static final Pattern GAP = Pattern.compile("(?:\\\\s|\\\\n|[ \\n])[*+?]?\\??");

    private static final int LONGEST = 1024;
    private static final String OPERATORS = "\\^$.|?*+()[]{}";

    /** Reads a pattern; empty if it is more than a name between fixed texts. */
    static Optional<NameGroupPattern> of(String pattern) {
        Matcher named = NAMED.matcher(pattern);
        if (pattern.length() > LONGEST || !named.matches()) {
            return Optional.empty();
        }
        Optional<String> before = phrase(named.group("before"));
        Optional<String> behind = phrase(named.group("behind"));
        return before.isEmpty() || behind.isEmpty() || before.get().length() < 3
                ? Optional.empty()
                : Optional.of(new NameGroupPattern(before.get().strip(), behind.get()));
    }

    /** The text of an expression that is fixed except for whitespace; empty if it is not. */
    static Optional<String> phrase(String pattern) {
        StringBuilder text = new StringBuilder();
        Matcher gap = GAP.matcher(pattern);
        int at = 0;
        while (at < pattern.length()) {
            if (gap.region(at, pattern.length()).lookingAt()) {
                text.append(' ');
                at = gap.end();
                continue;
            }
            char c = pattern.charAt(at++);
            if (c == '\\'
                    && at < pattern.length()
                    && !Character.isLetterOrDigit(pattern.charAt(at))) {
                c = pattern.charAt(at++);
            } else if (OPERATORS.indexOf(c) >= 0 || Character.isWhitespace(c)) {
                return Optional.empty();
            }
            if (at < pattern.length() && "?*+{".indexOf(pattern.charAt(at)) >= 0) {
                return Optional.empty();
            }
            text.append(c);
        }
        return Optional.of(text.toString().stripTrailing().replaceAll(" +", " "));
    }
}
