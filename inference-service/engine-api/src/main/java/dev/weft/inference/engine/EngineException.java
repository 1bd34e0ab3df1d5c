package dev.weft.inference.engine;

/** Why an engine could not do what it was asked. */
public final class EngineException extends RuntimeException {
    /** Cases a worker treats differently. */
    public enum Cause {
        INVALID_REQUEST,
        CONTEXT_LENGTH_EXCEEDED,

        /**
         * The request's own constraint can't be followed to the end of its answer, or not within
         * its bounds. Neither the adapter nor the engine is to blame.
         */
        CONSTRAINT_FAILED,
        ADAPTER_NOT_LOADED,
        INVALID_ADAPTER,
        NO_SLOT,
        OVERLOADED,
        /**
         * This tenant has more requests waiting than other tenants, which must not wait for them.
         */
        OVER_SHARE,
        CLOSED,

        /**
         * This request failed and would fail on any engine: what it asks for or its adapter is to
         * blame.
         */
        REQUEST_FAILED,

        /** The engine failed; another engine may well serve the request. */
        FAILED
    }

    private final Cause reason;

    public EngineException(Cause reason, String message) {
        super(message);
        this.reason = reason;
    }

    public EngineException(Cause reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** The engine is closed, or closes. */
    public static EngineException closed() {
        return new EngineException(Cause.CLOSED, "the engine is closed");
    }

    /** The request asks for something that the engine does not do. */
    public static EngineException invalidRequest(String message) {
        return new EngineException(Cause.INVALID_REQUEST, message);
    }

    /** The adapter does not fit the engine. */
    public static EngineException invalidAdapter(String message) {
        return new EngineException(Cause.INVALID_ADAPTER, message);
    }

    public Cause reason() {
        return reason;
    }
}
