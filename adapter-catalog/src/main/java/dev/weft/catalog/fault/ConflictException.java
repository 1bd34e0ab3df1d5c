package dev.weft.catalog.fault;

/** The current state doesn't allow the request; a retry changes nothing. */
public final class ConflictException extends RefusedException {
    public ConflictException(String message) {
        super(409, message);
    }
}
