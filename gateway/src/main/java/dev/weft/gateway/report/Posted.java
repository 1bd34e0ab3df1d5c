package dev.weft.gateway.report;

/** What became of a report. */
public enum Posted {
    /** The catalog has taken the report. */
    TAKEN,
    /** There was no answer, or one that neither takes nor refuses the report; it is sent again. */
    DELAYED,
    /** The catalog can't read it, or takes none of its kind, and never will. */
    REFUSED
}
