package dev.weft.source.object;

import java.io.IOException;

/** Thrown if a store did not do what was asked. */
public final class StoreException extends IOException {
    private final Kind kind;

    /** The kind of failure. */
    public enum Kind {
        /** The bucket or the object does not exist. */
        NOT_FOUND,
        /** The credentials give no access, or there are none. */
        DENIED,
        /** Settings or credentials that the store can't use. */
        INVALID,
        /** The store leads to an address that may not be reached. */
        REFUSED,
        /** There was no answer in time. Later it may come. */
        TIMEOUT,
        /** The object changed since the first read. Later all may be well. */
        CHANGED,
        /** Everything else: a failed answer, a lost connection. Later it may work. */
        UNAVAILABLE
    }

    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
