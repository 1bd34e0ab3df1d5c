package dev.weft.catalog.fault;

/** There is nothing of that name or number. */
public final class NotFoundException extends RefusedException {
    public NotFoundException(String message) {
        super(404, message);
    }
}
