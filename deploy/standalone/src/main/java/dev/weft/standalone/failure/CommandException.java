package dev.weft.standalone.failure;

/** A command failed; the message tells people the full reason. */
public class CommandException extends Exception {
    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
