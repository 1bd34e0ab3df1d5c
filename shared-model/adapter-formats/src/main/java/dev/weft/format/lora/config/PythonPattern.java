package dev.weft.format.lora.config;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of Python's {@code re}, as adapters bring them, run by Java's engine. Syntax
 * that both read alike is passed on; syntax that they read differently is rewritten or refused by
 * name, never guessed. Matching draws on a {@link Budget}, since a hostile expression may take for
 * ever.
 */
final class PythonPattern {
    /** The group for a layer's number, by PEFT's name: an expression may have groups of its own. */
    static final String LAYER_GROUP = "idx";

    private static final int MOST_CHARACTERS = 2000;
    private static final int MOST_OPEN_GROUPS = 50;
    private static final long MOST_REPEATS = 1_000;
    private static final Pattern COUNTS = Pattern.compile("\\{(\\d*),?(\\d*)}");
    private static final String SAME_ESCAPES = "AbBdDsSwWnrtfax0123456789";

    /**
     * An expression that matches anywhere, and reads a character, which the budget counts. It
     * stands before each part that may match without reading one: choices among such parts would
     * multiply uncounted. Java does not ask how wide a group in a lookahead is, so this one may
     * stand within a lookbehind.
     */
    private static final String TOLL = "(?=(?=.)|(?<=.)|)";

    /** Escapes that match between characters. */
    private static final String BETWEEN = "AZbB";

    private static final Pattern GROUP = Pattern.compile("\\((?:\\?(?:[:=!>]|<[=!]|[a-z-]+:))?");

    private final Pattern pattern;
    private final long cost;

    private PythonPattern(Pattern pattern, long cost) {
        this.pattern = pattern;
        this.cost = cost;
    }

    /** Steps that all matches of one adapter may take together. For one thread. */
    static final class Budget {
        private long left;

        Budget(long steps) {
            this.left = steps;
        }

        void spend(long steps) {
            left -= steps;
            if (left < 0) {
                throw new InvalidPatternException("takes too many steps to match");
            }
        }
    }

    /** Thrown if an expression can't be used. */
    static final class InvalidPatternException extends RuntimeException {
        InvalidPatternException(String message) {
            super(message);
        }
    }

    /**
     * Reads an expression.
     *
     * @param before put before the expression, already in Java's syntax
     * @throws InvalidPatternException if it is not understood
     */
    static PythonPattern compile(String before, String expression, String after) {
        if (expression.length() > MOST_CHARACTERS) {
            throw new InvalidPatternException("is longer than " + MOST_CHARACTERS + " characters");
        }
        long cost = 1 + repeats(expression);
        try {
            return new PythonPattern(Pattern.compile(before + toJava(expression) + after), cost);
        } catch (PatternSyntaxException e) {
            throw new InvalidPatternException(
                    "is not a regular expression: " + e.getDescription() + " at " + e.getIndex());
        }
    }

    /**
     * Characters of the expression as it was compiled, which its memory and the time of compiling
     * go by: a choice or a group has some of its own.
     */
    int size() {
        return pattern.pattern().length();
    }

    /** {@code re.fullmatch}. */
    boolean matchesWhole(String text, Budget budget) {
        return match(text, budget, Matcher::matches).isPresent();
    }

    /** {@code re.match}: a match from the start, with any end. */
    boolean matchesStart(String text, Budget budget) {
        return match(text, budget, Matcher::lookingAt).isPresent();
    }

    /** The {@link #LAYER_GROUP} of {@code re.match}; empty if there is none. */
    Optional<String> layer(String text, Budget budget) {
        return match(text, budget, Matcher::lookingAt).map(m -> m.group(LAYER_GROUP));
    }

    private Optional<Matcher> match(String text, Budget budget, Predicate<Matcher> kind) {
        budget.spend(cost);
        Matcher matcher = pattern.matcher(new Counted(text, budget));
        try {
            return kind.test(matcher) ? Optional.of(matcher) : Optional.empty();
        } catch (StackOverflowError e) {
            // Java's engine recurses; if a file drives it too deep, that must stay a reason.
            throw new InvalidPatternException("nests too deep to match");
        }
    }

    private record Counted(String text, Budget budget) implements CharSequence {
        @Override
        public char charAt(int index) {
            budget.spend(1);
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * The product of all repeats. Repeats of an empty match read no character, so the budget would
     * not see them.
     */
    private static long repeats(String expression) {
        long product = 1;
        Matcher counts = COUNTS.matcher(expression);
        while (counts.find()) {
            for (int group = 1; group <= 2; group++) {
                String digits = counts.group(group);
                long times = digits.length() > 7 ? MOST_REPEATS + 1 : parse(digits);
                product *= Math.max(1, times);
                if (product > MOST_REPEATS) {
                    throw new InvalidPatternException("repeats too often");
                }
            }
        }
        return product;
    }

    private static long parse(String digits) {
        return digits.isEmpty() ? 1 : Long.parseLong(digits);
    }

    private static String toJava(String python) {
        StringBuilder java = new StringBuilder();
        boolean inClass = false;
        int open = 0;
        for (int i = 0; i < python.length(); i++) {
            char c = python.charAt(i);
            if (c == '\\') {
                i++;
                String escape = escape(i < python.length() ? python.charAt(i) : '\0');
                if (inClass) {
                    java.append(escape);
                } else {
                    i = escaped(python, i, escape, java);
                }
            } else if (inClass) {
                inClass = c != ']';
                java.append(c == '[' || c == '&' ? "\\" + c : String.valueOf(c));
            } else if (c == '[') {
                inClass = true;
                i = classStart(python, i, java);
            } else if (c == '(') {
                open++;
                i = groupStart(python, i, java);
                toll(python, i, java);
            } else if (c == '^' || c == '$') {
                java.append("(?:" + TOLL).append(c).append(')');
            } else {
                open -= c == ')' ? 1 : 0;
                java.append(c);
                if (c == '|') {
                    toll(python, i, java);
                }
            }
            if (open > MOST_OPEN_GROUPS) {
                throw new InvalidPatternException(
                        "nests deeper than " + MOST_OPEN_GROUPS + " groups");
            }
        }
        return java.toString();
    }

    /** Appends an escape outside of a class; returns the last index consumed. */
    private static int escaped(String python, int at, String escape, StringBuilder java) {
        char c = python.charAt(at);
        boolean refers = c >= '1' && c <= '9';
        if (!refers && BETWEEN.indexOf(c) < 0) {
            java.append(escape);
            return at;
        }
        java.append("(?:" + TOLL).append(escape);
        int next = at + 1;
        if (refers && next < python.length() && Character.isDigit(python.charAt(next))) {
            java.append(python.charAt(next));
            next++;
        }
        java.append(')');
        return next - 1;
    }

    /**
     * Appends a toll, but not before a quantifier, which then has nothing to repeat, as in Python.
     */
    private static void toll(String python, int at, StringBuilder java) {
        if (at + 1 >= python.length() || "*+?{".indexOf(python.charAt(at + 1)) < 0) {
            java.append(TOLL);
        }
    }

    private static String escape(char c) {
        if (c == 'Z') {
            return "\\z";
        }
        boolean letterOrDigit = c < 128 && Character.isLetterOrDigit(c);
        if (c == '\0' || (letterOrDigit && SAME_ESCAPES.indexOf(c) < 0)) {
            throw new InvalidPatternException("has the escape \\" + c + ", which is not served");
        }
        return "\\" + c;
    }

    /** A class may start with a literal ']' in Python; returns the last index consumed. */
    private static int classStart(String python, int at, StringBuilder java) {
        java.append('[');
        int next = at + 1;
        if (python.startsWith("^", next)) {
            java.append('^');
            next++;
        }
        if (python.startsWith("]", next)) {
            java.append("\\]");
            next++;
        }
        return next - 1;
    }

    /**
     * Appends how a group begins; returns the last index consumed. Named groups become plain ones:
     * nothing refers to them by name here.
     */
    private static int groupStart(String python, int at, StringBuilder java) {
        if (python.startsWith("(?P<", at)) {
            int end = python.indexOf('>', at);
            if (end < 0) {
                throw new InvalidPatternException("has a group name without an end");
            }
            java.append('(');
            return end;
        }
        if (python.startsWith("(?P", at) || python.startsWith("(?(", at)) {
            throw new InvalidPatternException(
                    "refers to a group by (?P= or (?(, which is not served");
        }
        Matcher prefix = GROUP.matcher(python).region(at, python.length());
        boolean _ = prefix.lookingAt();
        java.append(prefix.group());
        return prefix.end() - 1;
    }
}
