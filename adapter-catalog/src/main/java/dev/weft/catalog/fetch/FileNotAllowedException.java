package dev.weft.catalog.fetch;

/** A FILE source lies outside the folders that the catalog may read. */
public final class FileNotAllowedException extends RuntimeException {
    private final String allowed;

    FileNotAllowedException(String message, String allowed) {
        super(message);
        this.allowed = allowed;
    }

    /** The allowed folders. */
    public String allowed() {
        return allowed;
    }
}
