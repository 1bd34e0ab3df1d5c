package dev.weft.source.object;

import java.io.IOException;

/** A store that did not do what was asked. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is wrong. */
    public enum Kind {
        /** The bucket or the object is not there. */
        NOT_FOUND,
        /** The credentials give no access, or there are none. */
        DENIED,
        /** Settings or credentials that the store can't use. */
        INVALID,
        /** It leads to an address that may not be reached. */
        REFUSED,
        /** No answer in time. Later it may come. */
        TIMEOUT,
        /** The object is not the one that was begun with any more. Later all may be well. */
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
