package dev.weft.grammar.pattern;

/**
 * How a pattern is read.
 *
 * @param ignoreCase whether letters stand for both cases
 * @param dotAll whether a dot matches a line's end, too
 */
record PatternStyle(Of of, boolean ignoreCase, boolean dotAll) {
    /** The language whose rules it follows. */
    enum Of {
        /** ECMA-262's. */
        ECMA,
        /** ECMA-262's, without what Python and Rust read otherwise and don't refuse. */
        ANSWER,
        /** Those that Python and Rust share, for the terminals of a lexer. */
        TERMINAL
    }

    static final PatternStyle ECMA = new PatternStyle(Of.ECMA, false, false);
    static final PatternStyle ANSWER = new PatternStyle(Of.ANSWER, false, false);

    /** Whether the pattern is a schema's: JSON Schema says that patterns are ECMA-262's. */
    boolean isSchema() {
        return of == Of.ECMA;
    }

    boolean isTerminal() {
        return of == Of.TERMINAL;
    }

    boolean isAnswer() {
        return of == Of.ANSWER;
    }

    /**
     * Refuses {@code {,3}} and {@code {,}} at an offset: ECMA-262 takes the braces for themselves,
     * Python for a repetition from 0 on, and Rust for a fault.
     */
    void refuseOpenCount(int[] pattern, int at) throws PatternException {
        int from = at + 2;
        if (of == Of.ECMA
                || from >= pattern.length
                || pattern[at] != '{'
                || pattern[at + 1] != ',') {
            return;
        }
        int end = from;
        while (end < pattern.length && pattern[end] >= '0' && pattern[end] <= '9') {
            end++;
        }
        if (end < pattern.length && pattern[end] == '}') {
            String most = new String(pattern, from, end - from);
            throw new PatternException(
                    true,
                    "'{,%s}' is not served: not all languages read it alike; write '{0,%s}', or '\\{' for the brace"
                            .formatted(most, most));
        }
    }

    /** The style behind flags such as {@code i-s}. */
    PatternStyle with(String flags) throws PatternException {
        PatternStyle style = this;
        boolean on = true;
        for (int i = 0; i < flags.length(); i++) {
            char flag = flags.charAt(i);
            switch (flag) {
                case '-' -> on = false;
                case 'i' -> style = new PatternStyle(of, on, style.dotAll);
                case 's' -> style = new PatternStyle(of, style.ignoreCase, on);
                // lines' ends and whole characters: nothing that is served depends on them
                case 'm', 'u' -> {}
                default ->
                        throw new PatternException(
                                true, "flag '" + flag + "' is not served; allowed: i, m, s, u");
            }
        }
        return style;
    }
}
