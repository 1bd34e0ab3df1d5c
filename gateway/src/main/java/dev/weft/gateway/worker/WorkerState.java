package dev.weft.gateway.worker;

/** What a worker's probes say of it. */
enum WorkerState {
    /** It takes requests. */
    READY,
    /** It was ready, answers, and takes no more: it is about to end. */
    DRAINING,
    /** It never was, or does not answer. */
    UNREADY
}
