package dev.weft.catalog.alias;

/** What the author of a change saw before it. The change is made only if that still holds. */
public sealed interface Expected {
    /** The author didn't say; enough only to create something new. */
    record Unsaid() implements Expected {}

    /** Any revision, but there must be one. */
    record Any() implements Expected {}

    /** Nothing was there. */
    record Nothing() implements Expected {}

    /** That revision. */
    record Revision(long number) implements Expected {}

    /**
     * Throws if this doesn't hold.
     *
     * @param what for the message, e.g. {@code alias 'prod'}
     * @param current the current revision; 0 if there is none
     * @throws RevisionException names the current revision
     */
    default void check(String what, long current) {
        switch (this) {
            case Unsaid() -> {
                if (current != 0) {
                    throw RevisionException.missing(what, current);
                }
            }
            case Any() -> {
                if (current == 0) {
                    throw RevisionException.stale(what, "not there", "*");
                }
            }
            case Nothing() -> {
                if (current != 0) {
                    throw RevisionException.stale(what, "\"" + current + "\"", "none");
                }
            }
            case Revision(long number) -> {
                if (current != number) {
                    throw RevisionException.stale(
                            what,
                            current == 0 ? "not there" : "\"" + current + "\"",
                            "\"" + number + "\"");
                }
            }
        }
    }
}
