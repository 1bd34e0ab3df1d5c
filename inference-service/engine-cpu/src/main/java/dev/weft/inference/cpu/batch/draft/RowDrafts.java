package dev.weft.inference.cpu.batch.draft;

import org.jspecify.annotations.Nullable;

/** The drafts of one request, and their outcomes. Owner thread only. */
public final class RowDrafts {
    private final DraftOutcomes own = new DraftOutcomes();
    private final DraftOutcomes all;
    private final Lookup lookup = new Lookup();
    private Drafter.@Nullable Place place;

    /**
     * No draft yet.
     *
     * @param all the outcomes of all requests' drafts
     */
    public RowDrafts(DraftOutcomes all) {
        this.all = all;
    }

    /**
     * A draft from the request's own text.
     *
     * @param tokens of the request; the first {@code length} count
     * @param most tokens to draft
     */
    public Draft find(int[] tokens, int length, int most) {
        return lookup.find(tokens, length, most);
    }

    /** The chance that a token that the model drafts is right, if those before are. */
    public double chanceOfComputed() {
        return own.chance(Draft.Source.MODEL, 0, all);
    }

    /** The drafter's state for the request. */
    public Drafter.Place place(Drafter drafter) {
        if (place == null) {
            place = drafter.open();
        }
        return place;
    }

    /** The chance, for each token of a draft, that it and all before it are right. */
    public double[] chances(Draft draft) {
        double[] chances = new double[draft.tokens().size()];
        double chance = 1;
        for (int i = 0; i < chances.length; i++) {
            chance *=
                    draft.confidence().isEmpty()
                            ? own.chance(draft.source(), matched(draft, i), all)
                            : draft.confidence().get(i);
            chances[i] = chance;
        }
        return chances;
    }

    /**
     * The number of agreeing tokens before a drafted token; 0 unless the draft was found in the
     * text.
     */
    private static int matched(Draft draft, int token) {
        return draft.source() == Draft.Source.TEXT ? draft.matched() + token : 0;
    }

    /**
     * Takes in the outcomes of the tokens that a step has verified.
     *
     * @param right number of right tokens, from the first on
     */
    public void verified(Draft draft, int right) {
        int tried = Math.min(right + 1, draft.tokens().size());
        for (int i = 0; i < tried; i++) {
            own.add(draft.source(), matched(draft, i), i < right);
            all.add(draft.source(), matched(draft, i), i < right);
        }
    }

    /** Lets the outcomes age, since a step has verified nothing. */
    public void unused() {
        own.fade();
    }

    /** Releases the drafter's state once the request has ended or lost its row. */
    public void release() {
        if (place != null) {
            place.release();
            place = null;
        }
    }
}
