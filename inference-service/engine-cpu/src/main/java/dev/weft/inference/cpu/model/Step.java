package dev.weft.inference.cpu.model;

import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.cpu.kv.KvSequence;
import dev.weft.inference.cpu.lora.LoraSlot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one forward pass: a row is one token of one sequence. The owner thread fills it
 * before the team runs; rows of a sequence follow each other in the order of their positions.
 */
public final class Step {
    /**
     * One token.
     *
     * @param slot the sequence's adapter; null for the base
     * @param logits whether the next token is wanted
     */
    public record TokenRow(
            int token,
            int position,
            KvSequence sequence,
            @Nullable LoraSlot slot,
            boolean logits) {}

    private final List<TokenRow> rows = new ArrayList<>();
    private final List<Integer> logitRows = new ArrayList<>();

    public void clear() {
        rows.clear();
        logitRows.clear();
    }

    public void add(TokenRow row) {
        if (row.logits) {
            logitRows.add(rows.size());
        }
        rows.add(row);
    }

    public int size() {
        return rows.size();
    }

    public TokenRow row(int index) {
        return rows.get(index);
    }

    /** The norm that takes a base's norm's place for a row; null for none. */
    @Nullable RmsNorm norm(int row, @Nullable RmsNorm base) {
        return base == null ? null : own(row, base);
    }

    /** The norm that takes a base's norm's place for a row. */
    RmsNorm own(int row, RmsNorm base) {
        LoraSlot slot = rows.get(row).slot;
        return slot == null ? base : slot.norm(base);
    }

    /** True if every row uses that adapter. */
    boolean isOnly(LoraSlot slot) {
        return rows.stream().allMatch(row -> row.slot == slot);
    }

    /** How many rows want logits; they are numbered in the order they were added. */
    public int logitCount() {
        return logitRows.size();
    }

    int logitRow(int index) {
        return logitRows.get(index);
    }
}
