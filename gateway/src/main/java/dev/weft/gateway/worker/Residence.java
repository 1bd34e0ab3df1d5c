package dev.weft.gateway.worker;

/** What an adapter's request would find at a worker. */
public enum Residence {
    /** The adapter is in a slot, or on its way into one. */
    IN_SLOT,
    /** A slot is free. */
    ROOM,
    /** The adapter is in host memory; another one must leave its slot. */
    IN_HOST,
    /** Another adapter must leave its slot, and this one comes from disk or from the catalog. */
    EVICTS,
    /** The worker doesn't tell what it holds. */
    UNKNOWN
}
