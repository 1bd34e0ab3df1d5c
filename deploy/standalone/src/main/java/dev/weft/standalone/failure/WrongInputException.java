package dev.weft.standalone.failure;

/** Thrown for a value on the command line that is not allowed; the command ends with 2. */
public final class WrongInputException extends CommandException {
    public WrongInputException(String message) {
        super(message);
    }
}
