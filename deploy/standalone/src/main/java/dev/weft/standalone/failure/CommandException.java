package dev.weft.standalone.failure;

/** A command that failed for a reason that its message tells a person in full. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1;

    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
