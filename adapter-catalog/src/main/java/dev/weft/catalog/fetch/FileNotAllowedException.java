package dev.weft.catalog.fetch;

/** A FILE source that lies where the catalog may not read. */
public final class FileNotAllowedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String allowed;

    FileNotAllowedException(String message, String allowed) {
        super(message);
        this.allowed = allowed;
    }

    /** Which folders may be named. */
    public String allowed() {
        return allowed;
    }
}
