package dev.weft.inference.cpu.batch.draft;

/** The drafts of one request, and what came of them. Owner thread only. */
public final class RowDrafts {
    private final Lookup lookup = new Lookup();
    private final Acceptance own = new Acceptance();
    private final Acceptance all;

    /**
     * No draft yet.
     *
     * @param all what came of all requests' drafts
     */
    public RowDrafts(Acceptance all) {
        this.all = all;
    }

    /**
     * What may come next.
     *
     * @param tokens of the request; the first {@code length} count
     * @param most tokens to draft
     */
    public Draft next(int[] tokens, int length, int most) {
        return lookup.find(tokens, length, most);
    }

    /** For each token of a draft, the chance that it and all before it are right. */
    public double[] chances(Draft draft) {
        double[] chances = new double[draft.tokens().size()];
        double all = 1;
        for (int i = 0; i < chances.length; i++) {
            all *= own.chance(draft.matched() + i, this.all);
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
            own.add(draft.matched() + i, i < right);
            all.add(draft.matched() + i, i < right);
        }
    }

    /** A step has verified nothing. */
    public void unused() {
        own.fade();
    }
}
