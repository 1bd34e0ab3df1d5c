package dev.weft.catalog.alias;

import dev.weft.catalog.fault.RefusedException;

/** A change names another revision than the current one, or none. */
public final class RevisionException extends RefusedException {
    private RevisionException(int status, String message) {
        super(status, message);
    }

    /** No revision was named at all. */
    static RevisionException missing(String what, long current) {
        return new RevisionException(
                428,
                what
                        + " is there already: If-Match must say which revision is changed; now it"
                        + " is \""
                        + current
                        + "\"");
    }

    /** Another revision was named. */
    static RevisionException stale(String what, String found, String asked) {
        return new RevisionException(
                412, what + " has changed meanwhile: If-Match says " + asked + ", it is " + found);
    }
}
