package dev.weft.gateway.worker;

/** What the gateway's list says of a worker, whatever its probes find. */
enum ListingState {
    /** It may get requests. */
    LISTED,
    /** It is about to end. */
    DRAINING,
    /** It is not on the list any more, and gets forgotten once its requests are answered. */
    LEFT
}
