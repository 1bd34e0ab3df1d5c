package dev.weft.gateway.report;

/** What became of a report. */
public enum Posted {
    /** It counts. */
    TAKEN,
    /** There was no answer, or none that says that it counts; it is sent again. */
    DELAYED,
    /** The catalog can't read it, or takes none of its kind, and never will. */
    REFUSED
}
