package dev.weft.catalog.registry;

/** There is no such adapter, or no such version. */
public final class UnknownAdapterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownAdapterException(String message) {
        super(message);
    }
}
