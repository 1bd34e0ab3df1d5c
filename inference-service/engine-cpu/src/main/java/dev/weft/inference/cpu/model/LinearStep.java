package dev.weft.inference.cpu.model;

import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.lora.LoraSite;
import dev.weft.inference.cpu.lora.LoraStep;
import dev.weft.inference.engine.statistics.StepPhase;

/** A linear layer over the rows of a step, with what their adapters add. */
final class LinearStep {
    private final LoraStep lora;
    private final PhaseClock clock;

    LinearStep(LoraStep lora, PhaseClock clock) {
        this.lora = lora;
        this.clock = clock;
    }

    /** Multiplies; the outputs are complete for all members when it returns. */
    void run(
            Team.Member member,
            Step step,
            int layer,
            LoraSite site,
            Linear base,
            Activations x,
            FloatMatrix y) {
        clock.enter(member, StepPhase.LINEAR);
        base.multiply(member, x, y, step.size());
        if (!lora.isEmpty()) {
            clock.enter(member, StepPhase.LORA);
            lora.down(member, layer, site, x.floats());
            member.barrier();
            lora.up(member, layer, site, y);
        }
        member.barrier();
        clock.enter(member, StepPhase.OTHER);
    }
}
