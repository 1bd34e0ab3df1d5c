package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.batch.cost.StepCost;
import dev.weft.inference.cpu.batch.cost.StepShape;
import dev.weft.inference.cpu.batch.draft.Drafter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the rows of the next step: every decoding row, then pieces of prompts. Owner thread only.
 */
public final class Scheduler {
    private final RowAdmission admission;
    private final Preemption preemption;
    private final PromptOrder order = new PromptOrder();
    private final StepCost cost = new StepCost();
    private final PromptPieces pieces;
    private final Drafting drafting;
    private @Nullable Row withoutRoom;

    /** A scheduler without a drafter. */
    public Scheduler(BatchLimits limits) {
        this(limits, null);
    }

    /**
     * A scheduler without requests.
     *
     * @param drafter of guesses; null for none
     */
    public Scheduler(BatchLimits limits, @Nullable Drafter drafter) {
        this.admission = new RowAdmission(limits.maxRows(), limits.contextLength());
        this.preemption = new Preemption(admission);
        this.pieces = new PromptPieces(limits.maxTokens(), limits.maxTokenGap(), cost);
        this.drafting = new Drafting(limits, drafter);
    }

    /** Decides which requests run and which wait. */
    public RowAdmission admission() {
        return admission;
    }

    /**
     * How often a row has given its blocks of the KV cache back to start over later, for want of
     * blocks or because its turn was over.
     */
    public long preemptions() {
        return preemption.count() + admission.turnsEnded();
    }

    public boolean isIdle() {
        return admission.waiting() == 0 && admission.running().isEmpty();
    }

    /** Whether no row can take part in a step before a mask is there. */
    public boolean isBecalmed() {
        return admission.waiting() == 0 && admission.running().stream().allMatch(Row::awaits);
    }

    /**
     * Chooses the step's rows and reserves their places in the KV cache. Rows with a {@linkplain
     * Row#fault fault} are left out, and those that {@linkplain Row#awaits await} a mask.
     */
    public StepPlan plan() {
        withoutRoom = null;
        admission.admit();
        admission.running().forEach(Row::reuse);
        StepPlan plan = new StepPlan();
        List<Row> prompts =
                admission.running().stream()
                        .filter(row -> !row.decodes() && !row.awaits())
                        .toList();
        planDecoding(plan);
        if (prompts.isEmpty()) {
            drafting.add(plan);
            plan.dropFaulty();
        }
        // Decoding rows come first: prompts take only the room that these leave.
        for (Row row : prompts.isEmpty() ? prompts : order.next(prompts, admission::servedTo)) {
            planPrompt(row, plan);
        }
        if (plan.parts().isEmpty()) {
            // Rows took from each other until none was left; the oldest takes from all.
            admission.running().stream()
                    .filter(row -> !row.awaits())
                    .findFirst()
                    .ifPresent(row -> planPrompt(row, plan));
        }
        return plan;
    }

    /**
     * The last row for which the last plan found no room. If that plan is empty, the row alone is
     * larger than the KV cache.
     */
    public Optional<Row> withoutRoom() {
        return Optional.ofNullable(withoutRoom);
    }

    /** A step has computed this part; a draft's tokens count once they are verified. */
    public void advance(StepPlan.Part part) {
        advance(part.row(), part.tokens());
    }

    /** Counts more computed tokens of a row. */
    public void advance(Row row, int tokens) {
        admission.served(row, row.advance(tokens));
    }

    /** Takes in how many tokens of a row's draft were right. */
    public void verified(StepPlan.Sampled sampled, int right) {
        drafting.verified(sampled.row(), sampled.draft(), right);
    }

    /** Takes in how long a step of this shape took. */
    public void measured(StepShape shape, double seconds) {
        cost.measured(shape, drafting.measured(shape, seconds));
    }

    private void planDecoding(StepPlan plan) {
        for (Row row : List.copyOf(admission.running())) {
            if (row.turn().running() && row.decodes() && reserve(row, 1, plan)) {
                plan.add(row, 1);
            }
        }
    }

    private void planPrompt(Row row, StepPlan plan) {
        if (!row.turn().running()) {
            return;
        }
        int tokens = pieces.next(plan.shape(), row.computed(), row.pending());
        if (tokens > 0 && reserve(row, tokens, plan)) {
            plan.add(row, tokens);
        }
    }

    /**
     * Reserves a row's place in the cache; false if it does not take part, as with a fault or while
     * it awaits a mask.
     */
    private boolean reserve(Row row, int tokens, StepPlan plan) {
        if (row.fault() != null || row.awaits()) {
            return false;
        }
        try {
            boolean reserved = preemption.reserve(row, tokens, plan);
            if (!reserved) {
                withoutRoom = row;
            }
            return reserved;
        } catch (RuntimeException | Error e) {
            row.failed(e);
            return false;
        }
    }
}
