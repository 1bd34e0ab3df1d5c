package dev.weft.catalog.alias;

/** What the author of a change saw before it; the change is made only where that still holds. */
public sealed interface Expected {
    /** It did not say: good only for making something new. */
    record Unsaid() implements Expected {}

    /** Whatever is there; it must be there. */
    record Any() implements Expected {}

    /** Nothing was there. */
    record Nothing() implements Expected {}

    /** That revision. */
    record Revision(long number) implements Expected {}

    /**
     * Throws where it is not so.
     *
     * @param what for the message, e.g. {@code alias 'prod'}
     * @param current the revision that is there; 0 where there is none
     * @throws RevisionException says what is there
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
