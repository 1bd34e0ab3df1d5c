package dev.weft.gateway.worker;

/** A worker's state according to its probes. */
public enum ProbedState {
    /** It takes requests. */
    READY,
    /** It was ready, still answers, and takes no more requests: it is about to end. */
    DRAINING,
    /** It never was ready, does not answer, or says that it is down. */
    UNREADY
}
