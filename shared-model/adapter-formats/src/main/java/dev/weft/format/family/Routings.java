package dev.weft.format.family;

import dev.weft.format.decoder.Dense;

/** What families with experts read alike. */
public final class Routings {
    private Routings() {}

    /** Experts of a layer: {@code num_experts}, or {@code num_local_experts}. */
    public static int count(ModelFields fields, int fallback) {
        return fields.size("num_local_experts", fields.size("num_experts", fallback));
    }

    /** Experts of a row: {@code num_experts_per_tok}. */
    public static int chosen(ModelFields fields, int fallback, int count) {
        int chosen = fields.size("num_experts_per_tok", fallback);
        if (chosen > count) {
            fields.refuse("num_experts_per_tok", chosen, "at most the number of experts " + count);
        }
        return Math.min(chosen, count);
    }

    /** Experts have {@code silu} only. */
    public static void siluOnly(ModelFields fields) {
        if (fields.activation("hidden_act", "silu") != Dense.Activation.SILU) {
            fields.refuse("hidden_act", fields.text("hidden_act", "silu") + " of experts", "silu");
        }
    }
}
