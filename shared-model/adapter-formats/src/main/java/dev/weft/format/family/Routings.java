package dev.weft.format.family;

import dev.weft.format.decoder.Dense;

/** What families with experts read alike. */
public final class Routings {
    private Routings() {}

    /**
     * Experts of a layer: {@code num_experts}, or {@code num_local_experts}; both if they agree.
     */
    public static int count(ModelFields fields, int fallback) {
        int count = fields.size("num_experts", fallback);
        int local = fields.size("num_local_experts", count);
        if (fields.isSet("num_experts") && local != count) {
            fields.refuse("num_local_experts", local, "num_experts, which is " + count);
        }
        return local;
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
