package dev.weft.catalog.fault;

/** There is nothing of that name or number. */
public final class NotFoundException extends RefusedException {
    private static final long serialVersionUID = 1L;

    public NotFoundException(String message) {
        super(404, message);
    }
}
