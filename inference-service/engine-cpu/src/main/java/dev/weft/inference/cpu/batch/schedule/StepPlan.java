package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.batch.cost.StepShape;
import dev.weft.inference.cpu.batch.draft.Draft;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.model.Step;
import java.util.ArrayList;
import java.util.List;

/** The rows that take part in a step, and each one's tokens. Owner thread only. */
public final class StepPlan {
    /**
     * A row's next tokens.
     *
     * @param draft of what may follow them, to be verified; only if the row decodes
     */
    public record Part(Row row, int tokens, Draft draft) {
        /**
         * Whether the part's logits are wanted, since no token of the row is left after the step.
         */
        boolean completes() {
            return tokens == row.pending();
        }
    }

    /**
     * A row whose next token is chosen after the step.
     *
     * @param logits number of its logits; those after each drafted token follow
     */
    public record Sampled(Row row, int logits, Draft draft) {}

    private final List<Part> parts = new ArrayList<>();

    public void add(Row row, int tokens) {
        parts.add(new Part(row, tokens, Draft.NONE));
    }

    /** Has a part verify a draft. */
    void draft(int index, Draft draft) {
        Part part = parts.get(index);
        parts.set(index, new Part(part.row, part.tokens, draft));
    }

    /** The row does not take part after all. */
    void drop(Row row) {
        parts.removeIf(part -> part.row == row);
    }

    /** Rows that have failed since they were added take no part. */
    void dropFaulty() {
        parts.removeIf(part -> part.row.fault() != null);
    }

    public List<Part> parts() {
        return parts;
    }

    public StepShape shape() {
        StepShape shape = StepShape.EMPTY;
        for (Part part : parts) {
            int from = part.row.computed();
            if (!part.row.decodes()) {
                shape = shape.withPrompt(from, part.tokens);
                continue;
            }
            for (int i = 0; i <= part.draft.tokens().size(); i++) {
                shape = shape.withDecoding(from + i);
            }
        }
        return shape;
    }

    /** Rows whose next token is chosen after the step, in the order of their logits. */
    public List<Sampled> sampled() {
        List<Sampled> sampled = new ArrayList<>();
        int logits = 0;
        for (Part part : parts) {
            if (part.completes() && part.row.pool() == null) {
                sampled.add(new Sampled(part.row, logits, part.draft));
                logits += 1 + part.draft.tokens().size();
            }
        }
        return sampled;
    }

    /**
     * A part whose row gathers states.
     *
     * @param first its first row of the step
     */
    public record PooledPart(Row row, RowPool pool, int first, int tokens, boolean completes) {
        /** Gathers the part. */
        public RowPool.Gathered gather(FloatMatrix states) {
            return pool.gather(states, first, tokens, completes ? row.length() : 0);
        }
    }

    /** The parts whose rows gather states. */
    public List<PooledPart> pooled() {
        List<PooledPart> pooled = new ArrayList<>();
        int first = 0;
        for (Part part : parts) {
            RowPool pool = part.row.pool();
            if (pool != null) {
                pooled.add(new PooledPart(part.row, pool, first, part.tokens, part.completes()));
            }
            first += part.tokens + part.draft.tokens().size();
        }
        return pooled;
    }

    /** Fills the step with the tokens that were planned. */
    public void fill(Step step) {
        step.clear();
        for (Part part : parts) {
            Row row = part.row;
            for (int i = 0; i < part.tokens; i++) {
                int position = row.computed() + i;
                boolean last = row.pool() == null && position == row.length() - 1;
                add(step, row, position, row.token(position), last);
            }
            for (int i = 0; i < part.draft.tokens().size(); i++) {
                add(step, row, row.length() + i, part.draft.tokens().get(i), true);
            }
        }
    }

    private static void add(Step step, Row row, int position, int token, boolean logits) {
        step.add(new Step.TokenRow(token, position, row.sequence(), row.slotAt(position), logits));
    }
}
