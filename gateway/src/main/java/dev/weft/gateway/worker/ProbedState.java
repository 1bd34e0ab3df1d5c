package dev.weft.gateway.worker;

/** What a worker's probes say of it. */
enum ProbedState {
    /** It takes requests. */
    READY,
    /** It was ready, answers, and takes no more: it is about to end. */
    DRAINING,
    /** It never was, does not answer, or says that it is down. */
    UNREADY
}
