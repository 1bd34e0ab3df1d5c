package dev.weft.inference.cpu.batch.draft;

import org.jspecify.annotations.Nullable;

/** The drafts of one request, and what came of them. Owner thread only. */
public final class RowDrafts {
    private final Outcomes found;
    private final Outcomes computed;
    private final Lookup lookup = new Lookup();
    private Drafter.@Nullable Place place;

    /** Outcomes of this request's drafts of one kind, and of all requests'. */
    private record Outcomes(Acceptance own, Acceptance all) {
        double chance(int matched) {
            return own.chance(matched, all);
        }

        void add(int matched, boolean wasRight) {
            own.add(matched, wasRight);
            all.add(matched, wasRight);
        }
    }

    /**
     * No draft yet.
     *
     * @param found what came of all requests' drafts that were found in their texts
     * @param computed the same of those that a model computed
     */
    public RowDrafts(Acceptance found, Acceptance computed) {
        this.found = new Outcomes(new Acceptance(), found);
        this.computed = new Outcomes(new Acceptance(), computed);
    }

    /**
     * What may come next, by the request's own text.
     *
     * @param tokens of the request; the first {@code length} count
     * @param most tokens to draft
     */
    public Draft find(int[] tokens, int length, int most) {
        return lookup.find(tokens, length, most);
    }

    /** The chance that a token that the model drafts is right, if those before are. */
    public double chanceOfComputed() {
        return computed.chance(0);
    }

    /** What the model that drafts keeps of the request. */
    public Drafter.Place place(Drafter drafter) {
        if (place == null) {
            place = drafter.open();
        }
        return place;
    }

    /** For each token of a draft, the chance that it and all before it are right. */
    public double[] chances(Draft draft) {
        double[] chances = new double[draft.tokens().size()];
        double all = 1;
        for (int i = 0; i < chances.length; i++) {
            all *=
                    draft.isComputed()
                            ? draft.confidence().get(i)
                            : found.chance(draft.matched() + i);
            chances[i] = all;
        }
        return chances;
    }

    /**
     * Takes in what came of the tokens that a step has verified.
     *
     * @param right of them, from the first on
     */
    public void verified(Draft draft, int right) {
        int tried = Math.min(right + 1, draft.tokens().size());
        for (int i = 0; i < tried; i++) {
            if (draft.isComputed()) {
                computed.add(0, i < right);
            } else {
                found.add(draft.matched() + i, i < right);
            }
        }
    }

    /** A step has verified nothing. */
    public void unused() {
        found.own.fade();
        computed.own.fade();
    }

    /** The request has ended, or has lost its row. */
    public void release() {
        if (place != null) {
            place.release();
            place = null;
        }
    }
}
