package dev.weft.catalog.database;

import dev.weft.catalog.fault.RefusedException;

/**
 * The database does not hold a value that a request has, such as a text with NUL on PostgreSQL. It
 * is no outage: a retry changes nothing.
 */
public final class RefusedValueException extends RefusedException {
    RefusedValueException(Throwable cause) {
        super(400, "the database can't hold a value of the request, or compare with it");
        initCause(cause);
    }
}
