package dev.weft.inference.cpu.model;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.cpu.lora.LoraSite;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.cpu.lora.LoraStep;
import dev.weft.inference.engine.statistics.StepPhase;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of a Llama-like decoder over the rows of a step. Every member of the team runs
 * {@link #forward} in one region: it computes its share of rows, of output columns or of heads, and
 * meets the others at a barrier whenever one operator reads what another wrote.
 */
public final class Decoder implements AutoCloseable {
    private static final long SCRATCH_SLAB_BYTES = 8L << 20;

    private final DecoderWeights weights;
    private List<LayerWeights> layers;
    private @Nullable Merge merge;
    private final DecoderShape shape;
    private final Rope rope;
    private final Arena arena = new LargePages(SCRATCH_SLAB_BYTES);
    private final Scratch scratch;
    private final LoraStep lora;
    private final PhaseClock clock;
    private final SelfAttention attention;

    /**
     * Makes the buffers.
     *
     * @param maxRows rows of a step, at most
     * @param maxLogitRows rows of a step that want logits, at most
     * @param clock told which phase of a step begins
     */
    public Decoder(
            DecoderWeights weights,
            int maxRows,
            int maxLogitRows,
            int maxRank,
            int team,
            PhaseClock clock) {
        this.weights = weights;
        this.layers = weights.layers();
        ModelConfig config = weights.config();
        this.shape = config.shape();
        this.clock = clock;
        this.rope = new Rope(config);
        this.scratch = Scratch.allocate(arena, config, maxRows, maxLogitRows, team);
        this.lora = new LoraStep(arena, scratch.hidden().rows(), maxRank, team);
        this.attention = new SelfAttention(shape, scratch);
    }

    /** Groups the rows by adapter; the owner thread calls it before the region. */
    public void prepare(Step step) {
        Merge folded = merge;
        boolean merged = folded != null && folded.complete() && step.isOnly(folded.slot());
        layers = folded != null && merged ? folded.layers() : weights.layers();
        lora.clear();
        for (int row = 0; row < step.size() && !merged; row++) {
            lora.add(row, step.row(row).slot());
        }
        lora.deal(step.size());
        attention.prepare(step);
    }

    /**
     * Steps whose rows all use that adapter run from now on with the weights that it is folded
     * into, once all are packed; null for none. The owner thread calls it between steps.
     */
    public void use(@Nullable Merge folded) {
        merge = folded;
    }

    /** Begins to fold an adapter into a copy of the weights. */
    public Merge merge(LoraSlot slot) {
        return weights.merge(slot);
    }

    /** Different adapters among the rows, the base not counted; after {@link #prepare}. */
    public int adapters() {
        return lora.adapters();
    }

    /** {@code [logit row][vocabulary]} after {@link #forward}. */
    public FloatMatrix logits() {
        return scratch.head().logits();
    }

    /** Runs the step; logits are complete for all members when it returns. */
    public void forward(Team.Member member, Step step) {
        embed(member, step);
        for (int layer = 0; layer < shape.layers(); layer++) {
            LayerWeights w = layers.get(layer);
            linear(
                    member,
                    step,
                    layer,
                    LoraSite.ATTENTION_INPUT,
                    w.attention().qkv(),
                    scratch.input(),
                    scratch.attention().qkv());
            attention.positions(member, step, layer, w.attention());
            member.barrier();
            clock.enter(member, StepPhase.ATTENTION);
            attention.attend(member, step, layer);
            member.barrier();
            clock.enter(member, StepPhase.OTHER);
            quantise(member, step, scratch.attention().attended(), w.attention().output());
            linear(
                    member,
                    step,
                    layer,
                    LoraSite.ATTENTION_OUTPUT,
                    w.attention().output(),
                    scratch.attention().attended(),
                    scratch.projected());
            addAndNormalise(member, step, w.mlp().norm(), w.mlp().gateUp().precision());
            member.barrier();
            linear(
                    member,
                    step,
                    layer,
                    LoraSite.MLP_INPUT,
                    w.mlp().gateUp(),
                    scratch.input(),
                    scratch.mlp().gateUp());
            activate(member, step, w.mlp().down());
            member.barrier();
            linear(
                    member,
                    step,
                    layer,
                    LoraSite.MLP_OUTPUT,
                    w.mlp().down(),
                    scratch.mlp().activated(),
                    scratch.projected());
            if (layer + 1 == shape.layers()) {
                addAndNormalise(member, step, weights.finalNorm(), Precision.BF16);
            } else {
                AttentionWeights next = layers.get(layer + 1).attention();
                addAndNormalise(member, step, next.norm(), next.qkv().precision());
            }
            member.barrier();
        }
        head(member, step);
    }

    @Override
    public void close() {
        arena.close();
        weights.close();
    }

    private void embed(Team.Member member, Step step) {
        FloatMatrix hidden = scratch.hidden();
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            long first = (long) step.row(row).token() * shape.hiddenSize();
            for (int i = 0; i < shape.hiddenSize(); i++) {
                hidden.set(row, i, weights.embedding().get(first + i));
            }
            rope.angles(step.row(row).position(), scratch.attention().angles().get(row));
            AttentionWeights bottom = layers.getFirst().attention();
            normalise(row, bottom.norm(), bottom.qkv().precision());
        }
        member.barrier();
    }

    private void linear(
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

    /**
     * Quantises whole rows only, since a row has one scale and its heads are different members'
     * work.
     */
    private static void quantise(Team.Member member, Step step, Activations x, Linear next) {
        if (next.precision() == Precision.BF16) {
            return;
        }
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            x.quantise(row, next.precision());
        }
        member.barrier();
    }

    private void addAndNormalise(Team.Member member, Step step, RmsNorm norm, Precision next) {
        FloatMatrix hidden = scratch.hidden();
        FloatMatrix added = scratch.projected();
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            long at = hidden.offset(row, 0);
            VectorMath.add(hidden.data(), at, added.data(), at, shape.hiddenSize());
            normalise(row, norm, next);
        }
    }

    private void normalise(int row, RmsNorm norm, Precision next) {
        FloatMatrix input = scratch.input().floats();
        long at = input.offset(row, 0);
        norm.apply(scratch.hidden().data(), at, input.data(), at);
        scratch.input().round(row);
        scratch.input().quantise(row, next);
    }

    private void activate(Team.Member member, Step step, Linear next) {
        FloatMatrix gateUp = scratch.mlp().gateUp();
        FloatMatrix target = scratch.mlp().activated().floats();
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            VectorMath.siluMultiply(
                    gateUp.data(),
                    gateUp.offset(row, 0),
                    gateUp.offset(row, shape.intermediateSize()),
                    target.data(),
                    target.offset(row, 0),
                    shape.intermediateSize());
            scratch.mlp().activated().round(row);
            scratch.mlp().activated().quantise(row, next.precision());
        }
    }

    private void head(Team.Member member, Step step) {
        int count = step.logitCount();
        if (count == 0) {
            return;
        }
        int to = member.to(count, 1);
        for (int i = member.from(count, 1); i < to; i++) {
            scratch.head().last().copyRow(scratch.input(), step.logitRow(i), i);
            scratch.head().last().quantise(i, weights.head().precision());
        }
        member.barrier();
        clock.enter(member, StepPhase.LINEAR);
        weights.head().multiply(member, scratch.head().last(), scratch.head().logits(), count);
        member.barrier();
        clock.enter(member, StepPhase.OTHER);
    }
}
