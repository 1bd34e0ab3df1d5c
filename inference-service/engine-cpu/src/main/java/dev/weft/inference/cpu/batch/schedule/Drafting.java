package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.batch.draft.Acceptance;
import dev.weft.inference.cpu.batch.draft.Draft;
import dev.weft.inference.cpu.batch.draft.DraftChoice;
import java.util.ArrayList;
import java.util.List;

/**
 * Has a step verify guesses of the tokens that follow, where the step is expected to gain by it. A
 * verified token is the one that would have been chosen without a guess. Owner thread only.
 */
final class Drafting {
    private final BatchLimits limits;
    private final StepCost cost;
    private final Acceptance all = new Acceptance();

    Drafting(BatchLimits limits, StepCost cost) {
        this.limits = limits;
        this.cost = cost;
    }

    /** Adds drafts to a plan whose rows all decode. */
    void add(StepPlan plan) {
        List<StepPlan.Part> parts = List.copyOf(plan.parts());
        int most = limits.maxRows() - parts.size();
        if (limits.draftTokens() == 0 || most <= 0) {
            return;
        }
        List<Draft> drafts = new ArrayList<>();
        List<double[]> chances = new ArrayList<>();
        for (StepPlan.Part part : parts) {
            Row row = part.row();
            int left = limits.contextLength() - row.length() - 1;
            Draft draft = row.draft(all, Math.min(left, Math.min(most, limits.draftTokens())));
            drafts.add(draft);
            chances.add(row.chances(draft));
        }
        StepShape shape = plan.shape();
        int[] lengths =
                DraftChoice.lengths(chances, most, extra -> cost.expected(shape.withDrafts(extra)));
        for (int i = 0; i < lengths.length; i++) {
            Row row = parts.get(i).row();
            if (lengths[i] > 0 && row.reserve(lengths[i])) {
                plan.draft(i, drafts.get(i).first(lengths[i]));
            } else {
                row.undrafted();
            }
        }
    }
}
