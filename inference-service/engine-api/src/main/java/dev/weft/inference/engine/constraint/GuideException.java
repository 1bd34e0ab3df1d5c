package dev.weft.inference.engine.constraint;

/** An engine's grammar can't enforce a guide. */
public final class GuideException extends Exception {
    private final String pointer;
    private final String keyword;

    /**
     * A refusal.
     *
     * @param pointer JSON pointer into a schema; empty for its root and for a guide that is not a
     *     schema
     * @param keyword the schema's keyword that is refused; empty if there is none
     */
    public GuideException(String pointer, String keyword, String message) {
        super(message);
        this.pointer = pointer;
        this.keyword = keyword;
    }

    /** JSON pointer into the schema; empty for its root. */
    public String pointer() {
        return pointer;
    }

    /** The schema's keyword that is refused; empty if there is none. */
    public String keyword() {
        return keyword;
    }
}
