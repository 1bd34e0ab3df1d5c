package dev.weft.inference.cpu.model;

import dev.weft.format.decoder.Experts;
import dev.weft.inference.cpu.kernel.math.ActivationMath;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.lora.ExpertLora;
import dev.weft.inference.cpu.lora.ExpertSite;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.cpu.model.weights.ExpertWeights;
import dev.weft.inference.cpu.model.weights.Router;
import dev.weft.inference.engine.statistics.StepPhase;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The experts of a step. Each expert computes the rows that have chosen it, one expert after the
 * other in rising order, so that a row's results are added in the same order whatever the others
 * choose. All members of the team call it.
 */
final class ExpertStep {
    private final PhaseClock clock;
    private final int count;

    /** Rows of one expert: {@code [rows][hidden]}. */
    private final Activations input;

    /** {@code [rows][2 * width]}. */
    private final FloatMatrix gateUp;

    /** {@code [rows][width]}. */
    private final Activations activated;

    /** {@code [rows][hidden]}. */
    private final FloatMatrix output;

    /** Experts that each row has chosen, in rising order. */
    private final int[][] chosen;

    /** Shares of the experts that each row has chosen. */
    private final float[][] shares;

    private final List<MemberScratch> members;
    private final ExpertLora lora;

    /** What a member of the team works out for itself. */
    private static final class MemberScratch {
        private final float[] scores;

        /** Where an expert's rows begin in {@link #rows}; the last is their end. */
        private final int[] begins;

        /** Rows by expert. */
        private final int[] rows;

        /** Places of the experts among the rows' choices. */
        private final int[] places;

        private MemberScratch(int experts, int choices) {
            scores = new float[experts];
            begins = new int[experts + 1];
            rows = new int[choices];
            places = new int[choices];
        }

        private void group(int[][] chosen, int count) {
            java.util.Arrays.fill(begins, 0);
            for (int row = 0; row < count; row++) {
                for (int expert : chosen[row]) {
                    begins[expert + 1]++;
                }
            }
            for (int expert = 1; expert < begins.length; expert++) {
                begins[expert] += begins[expert - 1];
            }
            for (int row = count - 1; row >= 0; row--) {
                for (int place = chosen[row].length - 1; place >= 0; place--) {
                    int at = --begins[chosen[row][place] + 1];
                    rows[at] = row;
                    places[at] = place;
                }
            }
            // Each begin has moved to the place before: the ends are the next expert's begins.
            System.arraycopy(begins, 1, begins, 0, begins.length - 1);
            begins[begins.length - 1] = count == 0 ? 0 : count * chosen[0].length;
        }
    }

    ExpertStep(Arena arena, Experts plan, Sizes sizes, PhaseClock clock) {
        int hidden = sizes.hidden;
        int maxRows = sizes.maxRows;
        int team = sizes.team;
        this.clock = clock;
        this.count = plan.count();
        this.input = Activations.allocate(arena, maxRows, hidden);
        this.gateUp = FloatMatrix.allocate(arena, maxRows, 2 * plan.width());
        this.activated = Activations.allocate(arena, maxRows, plan.width());
        this.output = FloatMatrix.allocate(arena, maxRows, hidden);
        int each = plan.routing().chosen();
        this.chosen = new int[maxRows][each];
        this.shares = new float[maxRows][each];
        this.members =
                IntStream.range(0, team)
                        .mapToObj(_ -> new MemberScratch(count, maxRows * each))
                        .toList();
        this.lora = new ExpertLora(arena, maxRows, sizes.maxRank, team);
    }

    /**
     * What buffers are made for.
     *
     * @param team members
     */
    record Sizes(int hidden, int maxRows, int maxRank, int team) {}

    /** Chooses the experts of a row. A barrier must follow. */
    void choose(Team.Member member, Router router, FloatMatrix x, int row) {
        float[] scores = members.get(member.index()).scores;
        router.choose(x, row, scores, chosen[row], shares[row]);
    }

    /** Computes the results of all rows; they are complete for all members when it returns. */
    void run(
            Team.Member member,
            Step step,
            int layer,
            ExpertWeights weights,
            Activations x,
            FloatMatrix result) {
        int rows = step.size();
        MemberScratch own = members.get(member.index());
        own.group(chosen, rows);
        int to = member.to(rows, 1);
        for (int row = member.from(rows, 1); row < to; row++) {
            long bytes = 4L * result.columns();
            result.data().asSlice(result.offset(row, 0), bytes).fill((byte) 0);
        }
        for (int expert = 0; expert < count; expert++) {
            int size = own.begins[expert + 1] - own.begins[expert];
            if (size > 0) {
                run(member, own, new Turn(step, layer, expert, size), weights, x, result);
            }
        }
        member.barrier();
    }

    /** An expert's turn in a step; {@code size} counts its rows. */
    private record Turn(Step step, int layer, int expert, int size) {}

    private void run(
            Team.Member member,
            MemberScratch own,
            Turn turn,
            ExpertWeights weights,
            Activations x,
            FloatMatrix result) {
        int size = turn.size;
        ExpertWeights.One one = weights.experts().get(turn.expert);
        int begin = own.begins[turn.expert];
        int from = member.from(size, 1);
        int to = member.to(size, 1);
        for (int i = from; i < to; i++) {
            input.copyRow(x, own.rows[begin + i], i);
            input.prepare(i, one.gateUp().inputs());
        }
        member.barrier();
        multiply(member, one.gateUp(), input, gateUp, size);
        for (int i = from; i < to; i++) {
            adapt(member, turn, own.rows[begin + i], false, i);
            activate(weights.gate(), one, i);
        }
        member.barrier();
        multiply(member, one.down(), activated, output, size);
        for (int i = from; i < to; i++) {
            int row = own.rows[begin + i];
            adapt(member, turn, row, true, i);
            long at = output.offset(i, 0);
            if (one.downBias() != null) {
                one.downBias().addTo(output.data(), at);
            }
            float share = shares[row][own.places[begin + i]];
            VectorMath.addScaled(
                    result.data(),
                    result.offset(row, 0),
                    output.data(),
                    at,
                    share,
                    result.columns());
        }
    }

    /** Adds what a row's adapter adds; {@code i} is its place among the expert's rows. */
    private void adapt(Team.Member member, Turn turn, int row, boolean down, int i) {
        LoraSlot slot = turn.step.row(row).slot();
        if (slot != null) {
            lora.apply(
                    member,
                    slot,
                    new ExpertSite(turn.layer, turn.expert, down),
                    down ? activated.floats() : input.floats(),
                    down ? output : gateUp,
                    i);
        }
    }

    private void multiply(Team.Member member, Linear by, Activations x, FloatMatrix y, int size) {
        clock.enter(member, StepPhase.LINEAR);
        by.multiply(member, x, y, size);
        member.barrier();
        clock.enter(member, StepPhase.OTHER);
    }

    private void activate(Experts.Gate gate, ExpertWeights.One one, int i) {
        long at = gateUp.offset(i, 0);
        if (one.gateUpBias() != null) {
            one.gateUpBias().addTo(gateUp.data(), at);
        }
        int width = activated.columns();
        long up = gateUp.offset(i, width);
        FloatMatrix target = activated.floats();
        long to = target.offset(i, 0);
        switch (gate) {
            case Experts.Gate.Silu _ ->
                    ActivationMath.siluMultiply(gateUp.data(), at, up, target.data(), to, width);
            case Experts.Gate.Clamped(float alpha, float limit) ->
                    ActivationMath.clampedSwiglu(
                            gateUp.data(), at, up, target.data(), to, width, alpha, limit);
        }
        activated.prepare(i, one.down().inputs());
    }
}
