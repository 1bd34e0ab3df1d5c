package dev.weft.inference.cpu.kv;

import dev.weft.format.decoder.DecoderPlan;

/**
 * What a model's layers read of a sequence's past.
 *
 * @param window positions that any layer looks back at, the row's own included; 0 for all
 * @param stretchesBeyond the length beyond which all positions of a sequence are rotated in another
 *     way; the largest integer if there is none
 */
public record KvSpan(int window, int stretchesBeyond) {
    /** All positions, rotated in one way. */
    public static final KvSpan ALL = new KvSpan(0, Integer.MAX_VALUE);

    public static KvSpan of(DecoderPlan plan) {
        return new KvSpan(plan.widestWindow(), plan.stretchesBeyond());
    }

    /** Positions that no later row reads once so many are computed. */
    int behind(int computed) {
        return window == 0 ? 0 : Math.max(0, computed + 1 - window);
    }
}
