package dev.weft.catalog.fault;

/** A request is refused. The message is for the caller. */
public abstract class RefusedException extends RuntimeException {
    private final int status;

    /**
     * Creates an exception with a status.
     *
     * @param status HTTP status, 400 to 499
     */
    protected RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }
}
