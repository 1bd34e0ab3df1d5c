package dev.weft.inference.cpu.model;

import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.Logits;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.kv.KvSequence;

/**
 * Runs one token of the base through the whole model: every operator of every layer, on the weights
 * and in the memory that answers use. It takes one step and counts nowhere. It runs before the
 * first request, and after a step has failed for reasons that may be the engine's own.
 */
public final class FirstStep {
    private FirstStep() {}

    /**
     * Returns if the logits are numbers that differ from each other. Owner thread, between steps.
     *
     * @throws IllegalStateException if they are not; says so
     */
    public static void test(Team team, Decoder decoder, KvCache cache, int vocabulary) {
        KvSequence sequence = cache.sequence("", null);
        if (!sequence.reserve(1)) {
            throw new IllegalStateException("the KV cache has no room for one position");
        }
        try {
            Step step = new Step();
            step.add(new Step.TokenRow(vocabulary / 2, 0, sequence, null, true));
            decoder.prepare(step);
            team.run(member -> decoder.forward(member, step));
            float[] logits = new float[vocabulary];
            Logits.copyRow(decoder.logits(), 0, logits);
            check(logits);
        } finally {
            sequence.release();
        }
    }

    static void check(float[] logits) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new IllegalStateException(
                        "the model fails its self-test: a logit of its first token is " + logit);
            }
            least = Math.min(least, logit);
            most = Math.max(most, logit);
        }
        if (least == most) {
            throw new IllegalStateException(
                    "the model fails its self-test: all logits of its first token are " + most);
        }
    }
}
