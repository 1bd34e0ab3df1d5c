package dev.weft.inference.cpu.model;

import dev.weft.inference.cpu.kernel.math.ActivationMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.lora.LoraSite;
import dev.weft.inference.cpu.model.weights.MlpWeights;

/** The feed-forward part of a layer without experts. */
final class DenseStep {
    private final LinearStep linears;
    private final Scratch scratch;

    /** Columns between its two products. */
    private final int width;

    DenseStep(LinearStep linears, Scratch scratch, int width) {
        this.linears = linears;
        this.scratch = scratch;
        this.width = width;
    }

    /** Computes what the part adds; complete for all members when it returns. */
    void run(Team.Member member, Step step, int layer, MlpWeights.OfAll w) {
        linears.run(
                member,
                step,
                layer,
                LoraSite.MLP_INPUT,
                w.gateUp(),
                scratch.input(),
                scratch.mlp().gateUp());
        activate(member, step, w);
        member.barrier();
        linears.run(
                member,
                step,
                layer,
                LoraSite.MLP_OUTPUT,
                w.down(),
                scratch.mlp().activated(),
                scratch.projected());
    }

    private void activate(Team.Member member, Step step, MlpWeights.OfAll w) {
        FloatMatrix gateUp = scratch.mlp().gateUp();
        FloatMatrix target = scratch.mlp().activated().floats();
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            long gate = gateUp.offset(row, 0);
            long up = gateUp.offset(row, width);
            long at = target.offset(row, 0);
            if (w.gateUpBias() != null) {
                w.gateUpBias().addTo(gateUp.data(), gate);
            }
            switch (w.activation()) {
                case SILU ->
                        ActivationMath.siluMultiply(
                                gateUp.data(), gate, up, target.data(), at, width);
                case GELU_TANH ->
                        ActivationMath.geluMultiply(
                                gateUp.data(), gate, up, target.data(), at, width);
            }
            scratch.mlp().activated().prepare(row, w.down().inputs());
        }
    }
}
