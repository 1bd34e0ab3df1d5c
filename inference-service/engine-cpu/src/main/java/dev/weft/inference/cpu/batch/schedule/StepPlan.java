package dev.weft.inference.cpu.batch.schedule;

import dev.weft.inference.cpu.model.Step;
import java.util.ArrayList;
import java.util.List;

/** The rows that take part in a step, and each one's tokens. */
public final class StepPlan {
    /** A row's next tokens. */
    public record Part(Row row, int tokens) {
        /** Whether its logits are wanted: no token is left after the step. */
        boolean completes() {
            return tokens == row.pending();
        }
    }

    private final List<Part> parts = new ArrayList<>();

    public void add(Row row, int tokens) {
        parts.add(new Part(row, tokens));
    }

    /** The row does not take part after all. */
    void drop(Row row) {
        parts.removeIf(part -> part.row == row);
    }

    public List<Part> parts() {
        return parts;
    }

    public StepShape shape() {
        StepShape shape = StepShape.EMPTY;
        for (Part part : parts) {
            int from = part.row.computed();
            shape =
                    part.row.decodes()
                            ? shape.withDecoding(from)
                            : shape.withPrompt(from, part.tokens);
        }
        return shape;
    }

    /** Rows whose next token is chosen after the step, in the order of their logits. */
    public List<Row> sampled() {
        return parts.stream().filter(Part::completes).map(Part::row).toList();
    }

    /** Fills the step with the tokens that were planned. */
    public void fill(Step step) {
        step.clear();
        for (Part part : parts) {
            Row row = part.row;
            for (int i = 0; i < part.tokens; i++) {
                int position = row.computed() + i;
                boolean last = position == row.length() - 1;
                step.add(
                        new Step.Row(
                                row.token(position),
                                position,
                                row.sequence(),
                                row.slotAt(position),
                                last));
            }
        }
    }
}
