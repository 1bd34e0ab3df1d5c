package dev.weft.inference.tensorrtllm.guide;

import dev.weft.inference.engine.constraint.GuideException;

/**
 * Checks a regular expression. XGrammar (regex_converter.cc of 0.1.25 to 0.1.32) ignores anchors,
 * reads some classes as other sets of characters, and fails on many patterns. A pattern may have
 * only the parts that XGrammar reads as ECMA-262 defines them: characters of ASCII, classes and
 * ranges of them, {@code \d}, groups, choices and repetitions.
 */
final class GuidedRegex {
    private static final int MOST_CHARACTERS = 4_096;
    private static final int MOST_REPETITIONS = 1_000;
    private static final int DEEPEST = 50;
    private static final String SPECIAL = "^$.*+?\\()[]{}|/";

    private final String pattern;
    private int at;
    private int depth;

    private GuidedRegex(String pattern) {
        this.pattern = pattern;
    }

    static String text(String pattern) throws GuideException {
        if (pattern.length() > MOST_CHARACTERS) {
            throw new GuideException(
                    "",
                    "",
                    "it has %d characters; allowed: %d"
                            .formatted(pattern.length(), MOST_CHARACTERS));
        }
        int from = pattern.startsWith("^") ? 1 : 0;
        boolean closed = pattern.endsWith("$") && !pattern.endsWith("\\$");
        String inner = pattern.substring(from, Math.max(from, pattern.length() - (closed ? 1 : 0)));
        GuidedRegex regex = new GuidedRegex(inner);
        int choices = regex.choices();
        if (regex.at < inner.length()) {
            throw regex.refused("a ')' without a '('");
        }
        if (choices > 1 && inner.length() < pattern.length()) {
            throw regex.refused("an anchor of one choice alone");
        }
        return inner;
    }

    private int choices() throws GuideException {
        int choices = 1;
        sequence();
        while (is('|')) {
            at++;
            choices++;
            sequence();
        }
        return choices;
    }

    private void sequence() throws GuideException {
        int from = at;
        while (at < pattern.length() && !is('|') && !is(')')) {
            term();
            repetition();
        }
        if (at == from) {
            throw refused("an empty choice");
        }
    }

    private void term() throws GuideException {
        char c = pattern.charAt(at);
        switch (c) {
            case '(' -> group();
            case '[' -> characters();
            case '\\' -> escape("");
            default -> {
                if ((SPECIAL.indexOf(c) >= 0 && c != '/') || !isPlain(c)) {
                    throw refused("'" + c + "'");
                }
                at++;
            }
        }
    }

    private void group() throws GuideException {
        at++;
        if (++depth > DEEPEST) {
            throw refused("groups over " + DEEPEST + " deep");
        }
        if (is('?')) {
            at++;
            if (!is(':')) {
                throw refused("a group with '?'");
            }
            at++;
        }
        choices();
        if (!is(')')) {
            throw refused("a '(' without a ')'");
        }
        at++;
        depth--;
    }

    private void escape(String more) throws GuideException {
        char c = at + 1 < pattern.length() ? pattern.charAt(at + 1) : '\0';
        if (c != 'd' && SPECIAL.indexOf(c) < 0 && more.indexOf(c) < 0) {
            throw refused("'\\" + c + "'");
        }
        at += 2;
    }

    private void characters() throws GuideException {
        at++;
        if (is('^')) {
            at++;
        }
        int from = at;
        while (at < pattern.length() && !is(']')) {
            range();
        }
        if (at == from || at == pattern.length()) {
            throw refused("a class that is empty or not closed");
        }
        at++;
    }

    /** A character of a class, or a range between two letters or digits of a kind. */
    private void range() throws GuideException {
        char first = pattern.charAt(at);
        if (first == '\\') {
            if (pattern.startsWith("\\^", at)) {
                throw refused("'\\^' in a class");
            }
            escape("-");
            return;
        }
        if (first == '-' || first == '[' || first == '^' || !isPlain(first)) {
            throw refused("'" + first + "' in a class");
        }
        at++;
        if (is('-')) {
            char last = at + 1 < pattern.length() ? pattern.charAt(at + 1) : '\0';
            if (kind(first) == 0 || kind(first) != kind(last) || last < first) {
                throw refused("a range that is not between two letters or two digits");
            }
            at += 2;
        }
    }

    private static int kind(char c) {
        if (c >= '0' && c <= '9') {
            return 1;
        }
        return c >= 'a' && c <= 'z' ? 2 : c >= 'A' && c <= 'Z' ? 3 : 0;
    }

    private void repetition() throws GuideException {
        if (is('*') || is('+') || is('?')) {
            at++;
        } else if (is('{')) {
            at++;
            int least = number();
            int most = least;
            if (is(',')) {
                at++;
                most = is('}') ? MOST_REPETITIONS : number();
            }
            if (!is('}') || most < least || most > MOST_REPETITIONS) {
                throw refused("a repetition that is not up to " + MOST_REPETITIONS + " times");
            }
            at++;
        }
        if (is('*') || is('+') || is('?') || is('{')) {
            throw refused("'" + pattern.charAt(at) + "' behind a repetition");
        }
    }

    private int number() throws GuideException {
        int from = at;
        int value = 0;
        while (at < pattern.length() && kind(pattern.charAt(at)) == 1 && at - from < 6) {
            value = value * 10 + pattern.charAt(at++) - '0';
        }
        if (at == from) {
            throw refused("a repetition without a number");
        }
        return value;
    }

    private boolean is(char c) {
        return at < pattern.length() && pattern.charAt(at) == c;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 127;
    }

    private GuideException refused(String what) {
        return new GuideException(
                "",
                "",
                "TensorRT-LLM's XGrammar reads "
                        + what
                        + " at character "
                        + (at + 1)
                        + " otherwise; allowed: characters of ASCII, classes of them, \\d, groups,"
                        + " | * + ? and {m,n}");
    }
}
