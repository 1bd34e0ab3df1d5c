package dev.weft.protocol.adapter;

/** The state of a version of an adapter; the catalog's life cycle says which step follows which. */
public enum VersionState {
    Registered,
    Fetching,
    Validating,
    Converting,
    Ready,
    Rejected,
    Disabled,
    Retired
}
