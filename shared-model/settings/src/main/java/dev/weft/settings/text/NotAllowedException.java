package dev.weft.settings.text;

/** Thrown if a text is not a value of a type. */
public final class NotAllowedException extends IllegalArgumentException {
    private final String text;

    /**
     * @param text the given text
     * @param reason the allowed values
     */
    public NotAllowedException(String text, String reason) {
        super("'" + text + "' is not allowed: " + reason);
        this.text = text;
    }

    /** The given text. */
    public String text() {
        return text;
    }
}
