package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraTask;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.model.ReferenceDecoder;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.GenerationWork;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of prompts, against a plain decoder in 64 bits, and whatever happens to their rows. */
class PooledRowsTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    /** The engine computes in float, and keeps keys and values in 16 bits. */
    private static final double TOLERANCE = 0.01;

    private static final int LABELS = 5;

    @TempDir private Path folder;

    /** Longer than some windows and than the length beyond which positions are rotated anew. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                TinyCheckpoint.LLAMA3_UNTIED,
                TinyCheckpoint.QWEN2,
                TinyCheckpoint.GEMMA2,
                TinyCheckpoint.GEMMA3,
                TinyCheckpoint.PHI3,
                TinyCheckpoint.GRANITE,
                TinyCheckpoint.MIXTRAL,
                TinyCheckpoint.GPT_OSS
            })
    void vectorsAgree(String config) throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, config, DType.BF16, false);
        LoraAdapter adapter = classifier(tiny, 0.3f);
        int[] tokens = prompt(1, 31).stream().mapToInt(Integer::intValue).toArray();
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder);
                CpuEngine engine = open(6, 0)) {
            engine.load(adapter.digest(), adapter);
            double[][] base = new ReferenceDecoder(checkpoint, null).states(tokens);
            double[][] adapted = new ReferenceDecoder(checkpoint, adapter).states(tokens);
            RecordedGeneration mean = start(engine, null, prompt(1, 31), PooledOutput.MEAN);
            RecordedGeneration last = start(engine, null, prompt(1, 31), PooledOutput.LAST);
            RecordedGeneration labels =
                    start(engine, adapter.digest(), prompt(1, 31), PooledOutput.LABELS);
            assertClose(mean.vectorAtTheEnd(DEADLINE), mean(base));
            assertClose(last.vectorAtTheEnd(DEADLINE), base[base.length - 1]);
            assertClose(
                    labels.vectorAtTheEnd(DEADLINE), logits(adapter, adapted[adapted.length - 1]));
        }
    }

    /** Rows that give their place in the cache up begin their sums anew. */
    @Test
    void aRowThatStartsOverCountsEachTokenOnce() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        try (CpuEngine engine = open(8, 112)) {
            float[] alone =
                    start(engine, null, prompt(3, 70), PooledOutput.MEAN).vectorAtTheEnd(DEADLINE);
            // The first holds the engine until all are there.
            RecordedGeneration first = new RecordedGeneration();
            first.hold();
            start(engine, 1, first);
            first.awaitFirstToken(DEADLINE);
            RecordedGeneration second = new RecordedGeneration();
            start(engine, 2, second);
            RecordedGeneration pooled = start(engine, null, prompt(3, 70), PooledOutput.MEAN);
            first.goOn();
            assertThat(pooled.vectorAtTheEnd(DEADLINE)).isEqualTo(alone);
            assertThat(first.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
            assertThat(second.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
            GenerationWork work = Objects.requireNonNull(pooled.work());
            assertThat(work.preemptions().orElseThrow()).isPositive();
            // 70 tokens in pieces of at most 8, were it not for what was computed in vain
            assertThat(work.promptSteps().orElseThrow()).isGreaterThan(12);
        }
    }

    /** Starts an answer that takes more of the cache with each token. */
    private static void start(CpuEngine engine, int seed, RecordedGeneration text) {
        engine.start(
                new GenerationRequest(
                        "text",
                        null,
                        prompt(seed, 10),
                        GenerationRequest.Ending.after(60),
                        Sampling.greedy(),
                        -1),
                text);
    }

    @Test
    void aRowBesideOneThatFailsTheStepCountsEachTokenOnce() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        TestLoop.log(false);
        try (TestLoop loop = TestLoop.open(folder, Precision.BF16, 4, 16, 192, List.of())) {
            RecordedGeneration alone = new RecordedGeneration();
            loop.start(request(null, prompt(1, 60), PooledOutput.MEAN), alone);
            float[] expected = alone.vectorAtTheEnd(DEADLINE);
            RecordedGeneration beside = new RecordedGeneration();
            RecordedGeneration poison = new RecordedGeneration();
            loop.start(request(null, prompt(1, 60), PooledOutput.MEAN), beside);
            loop.start(request(null, List.of(1, 1_000_000), PooledOutput.LAST), poison);
            assertThat(beside.vectorAtTheEnd(DEADLINE)).isEqualTo(expected);
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> poison.await(DEADLINE))
                    .satisfies(e ->
                            assertThat(e.reason()).isEqualTo(EngineException.Cause.REQUEST_FAILED));
        } finally {
            TestLoop.log(true);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PooledOutput.class,
            names = {"LABELS", "MEAN"})
    void valuesThatAreNoNumbersFailThatRequestAlone(PooledOutput output) throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, TinyCheckpoint.LLAMA, DType.BF16, false);
        LoraAdapter wild =
                output == PooledOutput.LABELS
                        ? classifier(tiny, 1e38f)
                        : tiny.adapter(1, 8, 1e38f, EnumSet.copyOf(LinearModule.SEPARATE));
        TestLoop.log(false);
        try (CpuEngine engine = open(64, 0)) {
            engine.load(wild.digest(), wild);
            float[] expected =
                    start(engine, null, prompt(1, 20), PooledOutput.MEAN).vectorAtTheEnd(DEADLINE);
            RecordedGeneration broken = start(engine, wild.digest(), prompt(1, 20), output);
            RecordedGeneration beside = start(engine, null, prompt(1, 20), PooledOutput.MEAN);
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> broken.await(DEADLINE))
                    .withMessageContaining("not of numbers")
                    .satisfies(e ->
                            assertThat(e.reason()).isEqualTo(EngineException.Cause.REQUEST_FAILED));
            assertThat(beside.vectorAtTheEnd(DEADLINE)).isEqualTo(expected);
        } finally {
            TestLoop.log(true);
        }
    }

    @Test
    void aCancelledRowFreesItsPlace() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        try (CpuEngine engine = open(16, 0)) {
            RecordedGeneration text = new RecordedGeneration();
            text.hold();
            engine.start(
                    new GenerationRequest(
                            "text",
                            null,
                            prompt(2, 5),
                            GenerationRequest.Ending.after(2),
                            Sampling.greedy(),
                            -1),
                    text);
            text.awaitFirstToken(DEADLINE);
            RecordedGeneration pooled = new RecordedGeneration();
            Generation running =
                    engine.start(request(null, prompt(1, 80), PooledOutput.MEAN), pooled);
            running.cancel();
            text.goOn();
            assertThat(pooled.await(DEADLINE)).isEqualTo(FinishReason.CANCELLED);
            assertThat(text.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
            assertThat(engine.pending()).isZero();
        }
    }

    @Test
    void refusesAHeadOfAnotherBase() throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        LoraAdapter adapter =
                with(
                        tiny.adapter(1, 3, 0.3f, EnumSet.of(LinearModule.Q)),
                        TinyCheckpoint.tensor(
                                "head", DType.F32, new SplittableRandom(1), 0.3, LABELS, 47));
        try (CpuEngine engine = open(16, 0)) {
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> engine.load(adapter.digest(), adapter))
                    .withMessageContaining("head of labels is [5, 47]");
        }
    }

    private CpuEngine open(int stepTokens, long positions) throws IOException {
        return CpuEngine.open(
                folder,
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.VECTOR, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(2, 0), 8),
                        new CpuEngineSettings.Batch(4, stepTokens, 16),
                        new CpuEngineSettings.Context(0, positions)),
                _ -> {});
    }

    private static LoraAdapter classifier(TinyCheckpoint tiny, float scale) {
        LoraAdapter plain =
                tiny.adapter(1, 3, scale, EnumSet.complementOf(EnumSet.of(LinearModule.K)));
        Tensor head =
                TinyCheckpoint.tensor(
                        "head",
                        DType.F32,
                        new SplittableRandom(5),
                        0.1,
                        LABELS,
                        tiny.config().shape().hiddenSize());
        return with(plain, head);
    }

    private static LoraAdapter with(LoraAdapter plain, Tensor head) {
        Tensor bias = TinyCheckpoint.tensor("bias", DType.F32, new SplittableRandom(6), 1, LABELS);
        return TinyKinds.forTask(plain, new LoraTask.Classification(head, bias));
    }

    private static RecordedGeneration start(
            CpuEngine engine,
            @Nullable AdapterDigest adapter,
            List<Integer> prompt,
            PooledOutput output) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(request(adapter, prompt, output), generation);
        return generation;
    }

    private static GenerationRequest request(
            @Nullable AdapterDigest adapter, List<Integer> prompt, PooledOutput output) {
        return GenerationRequest.pooled("pooled", adapter, prompt, output, Owner.NOBODY);
    }

    private static List<Integer> prompt(int seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, length).mapToObj(_ -> random.nextInt(70)).toList();
    }

    private static double[] mean(double[][] states) {
        double[] mean = new double[states[0].length];
        for (double[] state : states) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += state[i] / states.length;
            }
        }
        return mean;
    }

    private static double[] logits(LoraAdapter adapter, double[] state) {
        LoraTask.Classification head = (LoraTask.Classification) adapter.task();
        double[] logits = new double[head.labels()];
        for (int label = 0; label < logits.length; label++) {
            logits[label] = Objects.requireNonNull(head.bias()).get(label);
            for (int i = 0; i < state.length; i++) {
                logits[label] += head.weight().get((long) label * state.length + i) * state[i];
            }
        }
        return logits;
    }

    private static void assertClose(float[] found, double[] expected) {
        assertThat(found).hasSize(expected.length);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i])
                    .as("value %d", i)
                    .isCloseTo(expected[i], within(TOLERANCE));
        }
    }
}
