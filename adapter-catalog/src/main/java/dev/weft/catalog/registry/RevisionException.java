package dev.weft.catalog.registry;

/** A change was made to something that is not what its author saw. */
public final class RevisionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean missing;

    private RevisionException(boolean missing, String message) {
        super(message);
        this.missing = missing;
    }

    static RevisionException missing(String what, long current) {
        return new RevisionException(
                true,
                what
                        + " is there already: If-Match must say which revision is changed; now it"
                        + " is \""
                        + current
                        + "\"");
    }

    static RevisionException stale(String what, String found, String asked) {
        return new RevisionException(
                false,
                what + " has changed meanwhile: If-Match says " + asked + ", it is " + found);
    }

    /** True where no revision was named at all. */
    public boolean missing() {
        return missing;
    }
}
