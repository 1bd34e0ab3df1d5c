package dev.weft.grammar.pattern;

import java.io.Serial;

/** A regular expression is not one, or uses what is not served. */
public final class PatternException extends Exception {
    @Serial private static final long serialVersionUID = 1;

    private final boolean unsupported;

    PatternException(boolean unsupported, String message) {
        super(message);
        this.unsupported = unsupported;
    }

    /** Whether it is well-formed and uses what is not served. */
    public boolean isUnsupported() {
        return unsupported;
    }
}
