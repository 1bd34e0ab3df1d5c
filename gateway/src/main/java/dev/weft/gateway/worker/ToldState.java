package dev.weft.gateway.worker;

import dev.weft.protocol.worker.WorkerState;

/**
 * The state that a worker told last, with the numbers that choices read again and again.
 *
 * @param stale it has told nothing for too long: nobody knows whether the state still holds
 * @param inFlightThen requests of this gateway that the worker had when the state came
 * @param requests all choices that it had
 * @param occupied see {@link dev.weft.protocol.worker.WorkerLoad#occupied()}
 * @param freeSlots slots that no adapter was in
 */
public record ToldState(
        WorkerState state,
        boolean stale,
        int inFlightThen,
        int requests,
        int occupied,
        int freeSlots) {
    /** A state that has just come. */
    public static ToldState of(WorkerState state, int inFlight) {
        return new ToldState(
                state,
                false,
                inFlight,
                state.load().requests(),
                state.load().occupied(),
                state.freeSlots());
    }

    /** This state once it is too old to be relied on. */
    public ToldState old() {
        return stale
                ? this
                : new ToldState(state, true, inFlightThen, requests, occupied, freeSlots);
    }
}
