package dev.weft.inference.cpu.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weft.format.checkpoint.ExpertShape;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.lora.name.ExpertPath;
import dev.weft.format.lora.weight.ExpertChanges;
import dev.weft.format.lora.weight.ExpertChanges.Pair;
import dev.weft.format.lora.weight.ExpertChanges.Projection;
import dev.weft.format.lora.weight.ExpertChanges.Stack;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.TinyKinds;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Adapters of experts, as parameters of all experts and as a pair for each. */
@Timeout(400)
class ExpertLoraTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final int RANK = 3;

    @TempDir private Path folder;

    @Test
    void bothFormsAreTheSameAloneAndInCompany() throws IOException {
        TinyCheckpoint tiny =
                TinyCheckpoint.write(folder, TinyCheckpoint.MIXTRAL, DType.BF16, false);
        LoraAdapter plain = tiny.adapter(1, 4, 0.5f, EnumSet.of(LinearModule.Q));
        ExpertChanges stacks = stacks(tiny);
        List<LoraAdapter> adapters =
                List.of(
                        plain,
                        with(tiny.adapter(2, 4, 0.5f, EnumSet.of(LinearModule.Q)), plain, stacks),
                        with(
                                tiny.adapter(3, 4, 0.5f, EnumSet.of(LinearModule.Q)),
                                plain,
                                pairs(tiny, stacks)));
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.AUTO, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(3, 0), 8),
                        new CpuEngineSettings.Batch(4, 16, 16),
                        new CpuEngineSettings.Context(0, 512));
        try (CpuEngine engine = CpuEngine.open(folder, settings, _ -> {})) {
            List<RecordedGeneration> together = new ArrayList<>();
            for (LoraAdapter adapter : adapters) {
                engine.load(adapter.digest(), adapter);
            }
            for (LoraAdapter adapter : adapters) {
                together.add(start(engine, adapter.digest()));
            }
            RecordedGeneration base = start(engine, null);
            base.await(DEADLINE);
            for (int i = 0; i < adapters.size(); i++) {
                together.get(i).await(DEADLINE);
                RecordedGeneration alone = start(engine, adapters.get(i).digest());
                alone.await(DEADLINE);
                assertThat(alone.events()).isEqualTo(together.get(i).events());
            }
            List<TokenEvent> asParameters = together.get(1).events();
            alike(together.get(2).events(), asParameters);
            assertThat(together.getFirst().events()).isNotEqualTo(asParameters);
            assertThat(engine.merge(adapters.get(1).digest())).isFalse();
        }
    }

    /** Else each of thousands of matrices would be a mapping of its own. */
    @Test
    void allMatricesOfAnAdapterLieInOneSlab() throws IOException {
        TinyCheckpoint tiny =
                TinyCheckpoint.write(folder, TinyCheckpoint.MIXTRAL, DType.BF16, false);
        LoraAdapter plain = tiny.adapter(1, RANK, 0.5f, EnumSet.of(LinearModule.Q));
        ExpertChanges stacks = stacks(tiny);
        for (ExpertChanges changes : List.of(stacks, pairs(tiny, stacks))) {
            LoraAdapter adapter = with(plain, plain, changes);
            try (LoraSlot slot =
                    new LoraSlot(
                            adapter.digest(),
                            tiny.config().shape(),
                            adapter,
                            TestAdapters.NO_BASE)) {
                assertThat(LoraSlot.mostBytes(adapter)).isBetween(slot.bytes(), slot.bytes() * 2);
            }
        }
    }

    /** Three ranks side by side would reach into the next row's buffer, another adapter's. */
    @Test
    void refusesPairsAndAStackOfOneProjection() throws IOException {
        TinyCheckpoint tiny =
                TinyCheckpoint.write(folder, TinyCheckpoint.MIXTRAL, DType.BF16, false);
        LoraAdapter plain = tiny.adapter(1, RANK, 0.5f, EnumSet.of(LinearModule.Q));
        ExpertChanges stacks = stacks(tiny);
        ExpertChanges both = new ExpertChanges(pairs(tiny, stacks).pairs(), stacks.stacks());
        LoraAdapter adapter = with(plain, plain, both);
        assertThatThrownBy(() -> LoraSlot.check(adapter, tiny.config().shape(), RANK))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("experts");
        try (Team team = new Team(1);
                Arena arena = Arena.ofShared();
                LoraSlot slot =
                        new LoraSlot(
                                adapter.digest(),
                                tiny.config().shape(),
                                adapter,
                                TestAdapters.NO_BASE)) {
            ExpertLora lora = new ExpertLora(arena, 2, RANK, 1);
            ExpertShape shape = tiny.config().shape().around().experts().values().iterator().next();
            FloatMatrix x = FloatMatrix.allocate(arena, 2, shape.hiddenSize());
            FloatMatrix y = FloatMatrix.allocate(arena, 2, 2 * shape.width());
            ExpertSite site = new ExpertSite(0, 0, false);
            assertThatThrownBy(() -> team.run(member -> lora.apply(member, slot, site, x, y, 0)))
                    .rootCause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ranks");
        }
    }

    /** Their products are of other widths, so sums may run in another order. */
    private static void alike(List<TokenEvent> modules, List<TokenEvent> parameters) {
        assertThat(modules).hasSameSizeAs(parameters);
        for (int i = 0; i < modules.size(); i++) {
            assertThat(modules.get(i).token()).isEqualTo(parameters.get(i).token());
            assertThat(modules.get(i).logProbability())
                    .isCloseTo(parameters.get(i).logProbability(), within(1e-4f));
        }
    }

    private static RecordedGeneration start(CpuEngine engine, @Nullable AdapterDigest adapter) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "r",
                        adapter,
                        List.of(5, 9, 2, 40, 3),
                        GenerationRequest.Ending.after(8),
                        Sampling.greedy(),
                        1),
                generation);
        return generation;
    }

    private static LoraAdapter with(
            LoraAdapter digested, LoraAdapter plain, ExpertChanges experts) {
        return new LoraAdapter(
                digested.digest(),
                plain.facts(),
                plain.pairs(),
                new Surroundings(Map.of(), Map.of(), Map.of(), Map.of(), new TreeMap<>(), experts),
                List.of(),
                plain.arena());
    }

    private static ExpertChanges stacks(TinyCheckpoint tiny) {
        return new TinyKinds(tiny.config().shape()).experts(RANK).experts();
    }

    /** The same changes, module by module. */
    private static ExpertChanges pairs(TinyCheckpoint tiny, ExpertChanges stacks) {
        List<Pair> pairs = new ArrayList<>();
        for (Stack stack : stacks.stacks()) {
            int layer = stack.path().layer();
            ExpertShape shape =
                    Objects.requireNonNull(tiny.config().shape().around().experts().get(layer));
            ExpertTensors.Single names = (ExpertTensors.Single) shape.tensors();
            for (int expert = 0; expert < shape.count(); expert++) {
                if (stack.projection() == Projection.DOWN) {
                    ExpertPath path = new ExpertPath(layer, names.prefix(), expert, names.down());
                    pairs.add(pair(stack, path, Projection.DOWN, shape, 0));
                } else {
                    ExpertPath gate = new ExpertPath(layer, names.prefix(), expert, names.gate());
                    ExpertPath up = new ExpertPath(layer, names.prefix(), expert, names.up());
                    pairs.add(pair(stack, gate, Projection.GATE, shape, 0));
                    pairs.add(pair(stack, up, Projection.UP, shape, shape.width()));
                }
            }
        }
        return new ExpertChanges(pairs, List.of());
    }

    private static Pair pair(
            Stack stack, ExpertPath path, Projection projection, ExpertShape shape, int first) {
        int in = stack.a().shape().get(1).intValue();
        int out = projection == Projection.DOWN ? shape.hiddenSize() : shape.width();
        float[] a = new float[RANK * in];
        stack.a().copyTo((long) path.expert() * RANK * in, a, 0, a.length);
        float[] b = new float[out * RANK];
        for (int o = 0; o < out; o++) {
            for (int r = 0; r < RANK; r++) {
                long row = (long) (first + o) * RANK * shape.count();
                b[o * RANK + r] = stack.b().get(row + (long) r * shape.count() + path.expert());
            }
        }
        return new Pair(path, projection, stack.scale(), tensor(a, RANK, in), tensor(b, out, RANK));
    }

    private static Tensor tensor(float[] values, long rows, long columns) {
        return new Tensor("t", DType.F32, List.of(rows, columns), MemorySegment.ofArray(values));
    }
}
