package dev.weft.grammar.pattern;

/**
 * How a pattern is read.
 *
 * @param ignoreCase whether letters stand for both cases
 * @param dotAll whether a dot is a line's end, too
 */
record PatternStyle(Of of, boolean ignoreCase, boolean dotAll) {
    /** The language whose rules it follows. */
    enum Of {
        /** ECMA-262's. */
        ECMA,
        /** Those that Python and Rust share, for the terminals of a lexer. */
        TERMINAL
    }

    static final PatternStyle ECMA = new PatternStyle(Of.ECMA, false, false);

    boolean isTerminal() {
        return of == Of.TERMINAL;
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
