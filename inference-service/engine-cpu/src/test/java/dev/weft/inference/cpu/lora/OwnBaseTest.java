package dev.weft.inference.cpu.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.weight.ExpertChanges;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.lora.weight.Surroundings.TokenRows;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsFile;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.TinyKinds;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of the base's embedding and head that PEFT saves beside their changes. */
class OwnBaseTest {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @TempDir private Path folder;
    private TinyCheckpoint tiny;
    private Tensor stored;

    @BeforeEach
    void writeCheckpoint() throws IOException {
        tiny = TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        stored = tensors(folder).stream().filter(it -> it.name().equals(EMBEDDING)).findAny().get();
    }

    private static List<Tensor> tensors(Path folder) throws IOException {
        return List.copyOf(
                SafetensorsFile.open(folder.resolve("model.safetensors"), Arena.ofAuto())
                        .tensors()
                        .values());
    }

    /** A pair of each edge, as PEFT saves it. */
    private LoraAdapter adapter(int number, Map<Edge, Tensor> bases) {
        TinyKinds kinds = new TinyKinds(tiny.config().shape());
        LoraAdapter plain = tiny.adapter(number, 8, 1f, EnumSet.of(LinearModule.Q));
        Surroundings around = kinds.pairs();
        return plain.with(
                new Surroundings(
                        around.pairs(),
                        Map.of(),
                        bases,
                        Map.of(),
                        around.norms(),
                        around.experts()));
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32"})
    void aCopyOfTheBaseChangesNothingAndTakesNoMemory(DType type) throws IOException {
        LoraAdapter without = adapter(1, Map.of());
        LoraAdapter with = adapter(2, Map.of(Edge.EMBEDDING, as(type, stored)));
        try (CpuEngine engine = open(folder)) {
            engine.load(without.digest(), without);
            // The same pairs again, since their numbers decide about their values.
            LoraAdapter same = copy(with, without);
            engine.load(same.digest(), same);
            assertThat(engine.adapterSizes().slots().values()).hasSize(2);
            assertThat(Set.copyOf(engine.adapterSizes().slots().values())).hasSize(1);
            assertThat(TinyAnswer.of(engine, same.digest()))
                    .isEqualTo(TinyAnswer.of(engine, without.digest()));
        }
    }

    /** PEFT loads the copy into the base's only matrix, which is embedding and head. */
    @Test
    void anotherBaseIsServedAsIfItWereTheBase() throws IOException {
        Tensor other = random(5);
        alike(
                answer(folder, adapter(1, Map.of(Edge.EMBEDDING, other))),
                answer(changed(other), adapter(1, Map.of())));
    }

    /** Rows of tokens are laid over the copy, as PEFT lays them over the base that it loads. */
    @ParameterizedTest
    @EnumSource
    void rowsOfTokensAreLaidOverTheCopy(Edge edge) throws IOException {
        Tensor other = random(5);
        LoraAdapter plain = rows(1, Map.of());
        List<TokenEvent> expected = answer(folder, plain);
        assertThat(answer(folder, rows(2, Map.of(edge, stored)))).isEqualTo(expected);
        List<TokenEvent> changed = answer(changed(other), plain);
        assertThat(changed).isNotEqualTo(expected);
        alike(answer(folder, rows(3, Map.of(edge, other))), changed);
    }

    /** Rows of tokens that the answer's prompt has, and copies of the base beside them. */
    private LoraAdapter rows(int number, Map<Edge, Tensor> bases) {
        LoraAdapter plain = tiny.adapter(1, 8, 1f, EnumSet.of(LinearModule.Q));
        Tensor values =
                TinyCheckpoint.tensor(
                        "rows",
                        DType.F32,
                        new SplittableRandom(9),
                        0.3,
                        2,
                        tiny.config().shape().hiddenSize());
        TokenRows rows = new TokenRows(List.of(9, 33), values);
        return new LoraAdapter(
                TestAdapters.digest(number),
                plain.facts(),
                plain.pairs(),
                new Surroundings(
                        Map.of(),
                        Map.of(),
                        bases,
                        Map.of(Edge.EMBEDDING, rows),
                        new TreeMap<>(),
                        ExpertChanges.NONE),
                List.of(),
                plain.arena());
    }

    private static List<TokenEvent> answer(Path folder, LoraAdapter adapter) throws IOException {
        try (CpuEngine engine = open(folder)) {
            engine.load(adapter.digest(), adapter);
            return TinyAnswer.of(engine, adapter.digest());
        }
    }

    /** The checkpoint with another embedding. */
    private Path changed(Tensor embedding) throws IOException {
        Path changed = Files.createDirectory(folder.resolve("changed"));
        Files.copy(folder.resolve("config.json"), changed.resolve("config.json"));
        SafetensorsWriter.write(
                changed.resolve("model.safetensors"),
                Map.of(),
                tensors(folder).stream()
                        .map(it -> it.name().equals(EMBEDDING) ? embedding : it)
                        .toList());
        return changed;
    }

    /** Copies are packed in another form than the base, so sums may run in another order. */
    private static void alike(List<TokenEvent> found, List<TokenEvent> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).token()).isEqualTo(expected.get(i).token());
            assertThat(found.get(i).logProbability())
                    .isCloseTo(expected.get(i).logProbability(), within(1e-3f));
        }
    }

    @Test
    void refusesTwoMatricesForOne() throws IOException {
        LoraAdapter adapter = adapter(1, Map.of(Edge.EMBEDDING, random(5), Edge.HEAD, random(6)));
        try (CpuEngine engine = open(folder)) {
            assertThatThrownBy(() -> engine.load(adapter.digest(), adapter))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.reason())
                                            .isEqualTo(EngineException.Cause.INVALID_ADAPTER))
                    .hasMessageContaining("differ");
        }
    }

    /** A base whose adapters may change other modules alone. */
    @Test
    void refusesAnotherBaseWhereTheCopyMustBeTheBases() throws IOException {
        LoraAdapter other = overSameBase(adapter(1, Map.of(Edge.EMBEDDING, random(5))));
        LoraAdapter same = overSameBase(adapter(2, Map.of(Edge.EMBEDDING, as(DType.F32, stored))));
        try (CpuEngine engine = open(folder)) {
            assertThatThrownBy(() -> engine.load(other.digest(), other))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.reason())
                                            .isEqualTo(EngineException.Cause.INVALID_ADAPTER))
                    .hasMessageContaining("copy of model.embed_tokens is not the base's");
            engine.load(same.digest(), same);
            assertThat(engine.adapterSizes().slots()).hasSize(1);
        }
    }

    private static LoraAdapter overSameBase(LoraAdapter adapter) {
        return adapter.with(adapter.around().overSameBase());
    }

    @Test
    void refusesAnotherBaseWithAnInvocation() throws IOException {
        LoraAdapter plain = adapter(1, Map.of(Edge.EMBEDDING, random(5)));
        LoraAdapter invoked =
                new LoraAdapter(
                        plain.digest(),
                        plain.facts(),
                        plain.pairs(),
                        plain.around(),
                        List.of(3),
                        plain.arena());
        try (CpuEngine engine = open(folder)) {
            assertThatThrownBy(() -> engine.load(invoked.digest(), invoked))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("model.embed_tokens");
        }
    }

    private static LoraAdapter copy(LoraAdapter named, LoraAdapter of) {
        Surroundings around = of.around();
        return new LoraAdapter(
                named.digest(),
                of.facts(),
                of.pairs(),
                new Surroundings(
                        around.pairs(),
                        Map.of(),
                        named.around().bases(),
                        Map.of(),
                        around.norms(),
                        around.experts()),
                List.of(),
                of.arena());
    }

    private Tensor random(int seed) {
        return TinyCheckpoint.tensor(
                EMBEDDING,
                DType.BF16,
                new SplittableRandom(seed),
                0.3,
                stored.shape().get(0),
                stored.shape().get(1));
    }

    private static Tensor as(DType type, Tensor tensor) {
        float[] values = new float[(int) tensor.elements()];
        tensor.copyTo(0, values, 0, values.length);
        short[] halves = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            halves[i] = Float.floatToFloat16(values[i]);
        }
        MemorySegment data =
                switch (type) {
                    case F32 -> MemorySegment.ofArray(values);
                    case F16 -> MemorySegment.ofArray(halves);
                    default -> tensor.data();
                };
        return new Tensor(tensor.name(), type, tensor.shape(), data);
    }

    private static CpuEngine open(Path folder) throws IOException {
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.VECTOR, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(2, 0), 8),
                        new CpuEngineSettings.Batch(4, 64, 16),
                        new CpuEngineSettings.Context(0, 256));
        return CpuEngine.open(folder, settings, _ -> {});
    }
}
