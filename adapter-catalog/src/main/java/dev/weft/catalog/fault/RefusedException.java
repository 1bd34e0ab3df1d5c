package dev.weft.catalog.fault;

/** What was asked for is not done. The message is for whoever asked. */
public abstract class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status of HTTP, 400 to 499
     */
    protected RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** What HTTP answers. */
    public int status() {
        return status;
    }
}
