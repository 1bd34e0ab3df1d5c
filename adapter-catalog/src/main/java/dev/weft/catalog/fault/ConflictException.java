package dev.weft.catalog.fault;

/** What is there has no room for what was asked; asking again changes nothing. */
public final class ConflictException extends RefusedException {
    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
        super(409, message);
    }
}
