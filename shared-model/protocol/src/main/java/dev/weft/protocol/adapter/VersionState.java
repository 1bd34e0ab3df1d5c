package dev.weft.protocol.adapter;

/** Where a version of an adapter stands; the catalog's life cycle says which step follows which. */
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
