package dev.weft.inference.cpu.model;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Experts;
import dev.weft.inference.cpu.kernel.math.ActivationMath;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.cpu.lora.EmbeddingChange;
import dev.weft.inference.cpu.lora.HeadStep;
import dev.weft.inference.cpu.lora.LoraSite;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.cpu.lora.LoraStep;
import dev.weft.inference.cpu.model.weights.AttentionWeights;
import dev.weft.inference.cpu.model.weights.DecoderWeights;
import dev.weft.inference.cpu.model.weights.ExpertWeights;
import dev.weft.inference.cpu.model.weights.Joint;
import dev.weft.inference.cpu.model.weights.LayerWeights;
import dev.weft.inference.cpu.model.weights.Merge;
import dev.weft.inference.cpu.model.weights.MlpWeights;
import dev.weft.inference.cpu.model.weights.Router;
import dev.weft.inference.engine.statistics.StepPhase;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass over the rows of a step, composed of the parts that the decoder's plan
 * describes; it knows no family. Every member of the team runs {@link #forward} in one region: it
 * computes its share of rows, of output columns or of heads, and meets the others at a barrier
 * whenever one operator reads what another wrote.
 */
public final class Decoder implements AutoCloseable {
    private static final long SCRATCH_SLAB_BYTES = 8L << 20;

    private final DecoderWeights weights;
    private List<LayerWeights> layers;
    private @Nullable Merge merge;
    private final DecoderShape shape;
    private final List<Rope> ropes;
    private final @Nullable ExpertStep experts;
    private final Arena arena = new LargePages(SCRATCH_SLAB_BYTES);
    private final Scratch scratch;
    private final LoraStep lora;
    private final LinearStep linears;
    private final DenseStep dense;
    private final HeadStep heads;
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
        this.ropes = config.plan().ropes().stream().map(Rope::new).toList();
        this.scratch = Scratch.allocate(arena, config, maxRows, maxLogitRows, team);
        this.lora = new LoraStep(arena, scratch.hidden().rows(), maxRank, team);
        this.linears = new LinearStep(lora, clock);
        this.dense = new DenseStep(linears, scratch, shape.intermediateSize());
        this.heads = new HeadStep(arena, scratch.head().logits().rows(), maxRank, team);
        this.attention = new SelfAttention(shape, ropes, scratch);
        int rows = scratch.hidden().rows();
        Experts plan = config.plan().experts();
        this.experts =
                plan == null
                        ? null
                        : new ExpertStep(
                                arena,
                                plan,
                                new ExpertStep.Sizes(shape.hiddenSize(), rows, maxRank, team),
                                clock);
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
        heads.clear();
        for (int i = 0; i < step.logitCount() && !merged; i++) {
            heads.add(i, step.row(step.logitRow(i)).slot());
        }
        heads.deal(step.logitCount());
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

    /**
     * {@code [row of the step][hidden]}, after the last norm, once {@link #forward} has returned.
     */
    public FloatMatrix states() {
        return scratch.input().floats();
    }

    /** Runs the step; logits are complete for all members when it returns. */
    public void forward(Team.Member member, Step step) {
        embed(member, step);
        for (int layer = 0; layer < shape.layers(); layer++) {
            LayerWeights w = layers.get(layer);
            linears.run(
                    member,
                    step,
                    layer,
                    LoraSite.ATTENTION_INPUT,
                    w.attention().qkv(),
                    scratch.input(),
                    scratch.attention().qkv());
            attention.positions(member, step, layer, w.attention().inner());
            member.barrier();
            clock.enter(member, StepPhase.ATTENTION);
            attention.attend(member, step, layer, w.attention().inner().rule());
            member.barrier();
            clock.enter(member, StepPhase.OTHER);
            prepare(member, step, scratch.attention().attended(), w.attention().output());
            linears.run(
                    member,
                    step,
                    layer,
                    LoraSite.ATTENTION_OUTPUT,
                    w.attention().output(),
                    scratch.attention().attended(),
                    scratch.projected());
            join(member, step, w.attention().joint(), Entrance.to(w.mlp()));
            member.barrier();
            feedForward(member, step, layer, w.mlp());
            join(member, step, w.mlp().joint(), next(layer + 1));
            member.barrier();
        }
        head(member, step);
    }

    /** What comes after a layer: another one, or the head. */
    private Entrance next(int layer) {
        return layer == shape.layers()
                ? new Entrance(weights.finalNorm(), InputForm.FLOAT, null)
                : Entrance.to(layers.get(layer).attention());
    }

    /**
     * How a part takes the residual stream.
     *
     * @param norm null if it takes it as it is
     * @param router of its experts; null if it has none
     */
    private record Entrance(@Nullable RmsNorm norm, InputForm form, @Nullable Router router) {
        static Entrance to(AttentionWeights attention) {
            return new Entrance(attention.norm(), attention.qkv().inputs(), null);
        }

        static Entrance to(MlpWeights part) {
            return switch (part) {
                case MlpWeights.OfAll dense ->
                        new Entrance(dense.norm(), dense.gateUp().inputs(), null);
                case MlpWeights.OfExperts(RmsNorm norm, ExpertWeights experts, Joint _) ->
                        new Entrance(norm, InputForm.FLOAT, experts.router());
            };
        }
    }

    private void feedForward(Team.Member member, Step step, int layer, MlpWeights part) {
        switch (part) {
            case MlpWeights.OfAll all -> dense.run(member, step, layer, all);
            case MlpWeights.OfExperts some ->
                    Objects.requireNonNull(experts)
                            .run(
                                    member,
                                    step,
                                    layer,
                                    some.experts(),
                                    scratch.input(),
                                    scratch.projected());
        }
    }

    @Override
    public void close() {
        arena.close();
        weights.close();
    }

    private void embed(Team.Member member, Step step) {
        FloatMatrix hidden = scratch.hidden();
        float factor = weights.config().plan().embedding().factor();
        Entrance bottom = next(0);
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            embed(step.row(row), row);
            if (factor != 1) {
                long at = hidden.offset(row, 0);
                VectorMath.multiply(hidden.data(), at, factor, shape.hiddenSize());
            }
            angles(step.row(row), row);
            enter(member, step, row, bottom);
        }
        member.barrier();
    }

    private void embed(Step.TokenRow row, int index) {
        LoraSlot slot = row.slot();
        EmbeddingChange change = slot == null ? null : slot.embedding();
        if (change == null) {
            EmbeddingChange.copyRow(weights.embedding(), row.token(), scratch.hidden(), index);
        } else {
            change.write(row.token(), weights.embedding(), scratch.hidden(), index);
        }
    }

    private void angles(Step.TokenRow row, int index) {
        boolean isStretched = row.sequence().isStretched();
        for (int rope = 0; rope < ropes.size(); rope++) {
            float[] target = scratch.attention().angles().get(rope).get(index);
            ropes.get(rope).angles(row.position(), isStretched, target);
        }
    }

    /** Brings rows whose heads were different members' work into the form that a layer reads. */
    private static void prepare(Team.Member member, Step step, Activations x, Linear next) {
        if (next.inputs() == InputForm.FLOAT) {
            return;
        }
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            x.prepare(row, next.inputs());
        }
        member.barrier();
    }

    private void join(Team.Member member, Step step, Joint joint, Entrance next) {
        int to = member.to(step.size(), 1);
        for (int row = member.from(step.size(), 1); row < to; row++) {
            RmsNorm norm = step.norm(row, joint.norm());
            joint.add(scratch.hidden(), scratch.projected(), row, norm);
            enter(member, step, row, next);
        }
    }

    /** Makes a row of the residual stream the input of a part. */
    private void enter(Team.Member member, Step step, int row, Entrance next) {
        FloatMatrix hidden = scratch.hidden();
        FloatMatrix input = scratch.input().floats();
        long at = input.offset(row, 0);
        RmsNorm norm = step.norm(row, next.norm());
        if (norm != null) {
            norm.apply(hidden.data(), at, input.data(), at);
        } else {
            MemorySegment.copy(hidden.data(), at, input.data(), at, 4L * shape.hiddenSize());
        }
        Router router = next.router();
        if (router != null) {
            Objects.requireNonNull(experts).choose(member, router, input, row);
        }
        scratch.input().prepare(row, next.form());
    }

    private void head(Team.Member member, Step step) {
        int count = step.logitCount();
        if (count == 0) {
            return;
        }
        int to = member.to(count, 1);
        for (int i = member.from(count, 1); i < to; i++) {
            scratch.head().last().copyRow(scratch.input(), step.logitRow(i), i);
            scratch.head().last().prepare(i, weights.packedHead().inputs());
        }
        member.barrier();
        clock.enter(member, StepPhase.LINEAR);
        Scratch.ForHead buffers = scratch.head();
        weights.packedHead().multiply(member, buffers.last(), buffers.logits(), count);
        heads.apply(member, buffers.last().floats(), buffers.logits());
        finish(member, count);
        member.barrier();
        clock.enter(member, StepPhase.OTHER);
    }

    /** Multiplies and caps the logits, if the model does. */
    private void finish(Team.Member member, int count) {
        DecoderPlan.Logits plan = weights.config().plan().head();
        if (plan.equals(DecoderPlan.Logits.PLAIN)) {
            return;
        }
        member.barrier();
        FloatMatrix logits = scratch.head().logits();
        int from = member.from(logits.columns(), Linear.COLUMN_UNIT);
        int size = member.to(logits.columns(), Linear.COLUMN_UNIT) - from;
        for (int row = 0; row < count && plan.factor() != 1; row++) {
            long at = logits.offset(row, from);
            VectorMath.multiply(logits.data(), at, plan.factor(), size);
        }
        for (int row = 0; row < count && plan.cap() > 0; row++) {
            ActivationMath.cap(logits.data(), logits.offset(row, from), size, plan.cap());
        }
    }
}
