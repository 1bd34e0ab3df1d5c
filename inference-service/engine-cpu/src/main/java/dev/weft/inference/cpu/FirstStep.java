package dev.weft.inference.cpu;

import dev.weft.inference.cpu.kernel.Logits;
import dev.weft.inference.cpu.kernel.Team;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.kv.KvSequence;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.Step;

/**
 * Runs one token through the whole model before it serves anybody: every operator of every layer,
 * on the weights and in the memory that answers will use. It takes one step and counts nowhere.
 */
final class FirstStep {
    private FirstStep() {}

    /**
     * Returns where the logits are numbers that differ from each other.
     *
     * @throws IllegalStateException where they are not; says so
     */
    static void test(Team team, Decoder decoder, KvCache cache, int vocabulary) {
        KvSequence sequence = cache.sequence("", null);
        if (!sequence.reserve(1)) {
            throw new IllegalStateException("the KV cache has no room for one position");
        }
        Step step = new Step();
        step.add(new Step.Row(vocabulary / 2, 0, sequence, null, true));
        decoder.prepare(step);
        team.run(member -> decoder.forward(member, step));
        float[] logits = new float[vocabulary];
        Logits.copyRow(decoder.logits(), 0, logits);
        sequence.release();
        check(logits);
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
