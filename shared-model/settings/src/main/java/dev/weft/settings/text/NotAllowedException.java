package dev.weft.settings.text;

/** A text stands for no value of a type. */
public final class NotAllowedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String text;

    /**
     * @param text what was given
     * @param reason what is allowed
     */
    public NotAllowedException(String text, String reason) {
        super("'" + text + "' is not allowed: " + reason);
        this.text = text;
    }

    /** What was given. */
    public String text() {
        return text;
    }
}
