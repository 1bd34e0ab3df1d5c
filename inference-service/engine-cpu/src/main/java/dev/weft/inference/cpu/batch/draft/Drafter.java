package dev.weft.inference.cpu.batch.draft;

import java.util.List;

/** Computes drafts, with a model smaller than the base. Owner thread, between steps. */
public interface Drafter {
    /** The drafter's state for one request. */
    interface Place {
        /** Gives back the memory that it holds. */
        void release();
    }

    /**
     * A request that wants a draft.
     *
     * @param tokens of the request; the first {@code length} count
     * @param most tokens to draft
     */
    @SuppressWarnings("ArrayRecordComponent") // read at once, never compared
    record Ask(Place place, int[] tokens, int length, int most) {}

    /** A place for a request without tokens. */
    Place open();

    /**
     * Drafts for each ask, in the same order. A request with more tokens than can be read at once
     * is read in pieces, and gets a draft once all are read.
     */
    List<Draft> draft(List<Ask> asks);
}
