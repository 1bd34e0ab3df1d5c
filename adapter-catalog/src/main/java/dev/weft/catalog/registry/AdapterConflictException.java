package dev.weft.catalog.registry;

/** The adapter's state has no room for what was asked; asking again changes nothing. */
public final class AdapterConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AdapterConflictException(String message) {
        super(message);
    }
}
