package dev.weft.catalog.ingest;

/** A repository could not be brought here. */
final class FetchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean retriable;

    /**
     * @param code for the reason that the owner sees
     * @param retriable the same may succeed later
     */
    FetchException(String code, boolean retriable, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retriable = retriable;
    }

    String code() {
        return code;
    }

    boolean retriable() {
        return retriable;
    }
}
