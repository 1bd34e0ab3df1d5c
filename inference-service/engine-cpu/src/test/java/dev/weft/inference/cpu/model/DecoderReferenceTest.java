package dev.weft.inference.cpu.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.CpuEngine;
import dev.weft.inference.cpu.CpuEngineSettings;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Log-probabilities of the engine, prefill in chunks and decode, base and adapter side by side,
 * against a naive decoder in double precision, for every family and file layout that is served.
 */
class DecoderReferenceTest {
    /** The engine computes in float, and keeps keys and values in 16 bits. */
    private static final double TOLERANCE = 0.003;

    private static final int[] PROMPT = {
        3, 60, 17, 5, 5, 42, 69, 0, 23, 31, 8, 12, 50, 44, 2, 9, 1
    };

    @TempDir private Path folder;

    static List<Arguments> checkpoints() {
        return List.of(
                Arguments.of(
                        "llama, head_dim of its own, bf16",
                        TinyCheckpoint.LLAMA,
                        DType.BF16,
                        false),
                Arguments.of(
                        "llama3 rope, untied, f16 shards",
                        TinyCheckpoint.LLAMA3_UNTIED,
                        DType.F16,
                        true),
                Arguments.of("qwen2 with biases, f32", TinyCheckpoint.QWEN2, DType.F32, false),
                Arguments.of(
                        "qwen3 with head norms, bf16 shards",
                        TinyCheckpoint.QWEN3,
                        DType.BF16,
                        true),
                Arguments.of("mistral, untied, bf16", TinyCheckpoint.MISTRAL, DType.BF16, false),
                Arguments.of("biases, gelu, yarn", TinyCheckpoint.BIASES, DType.BF16, false),
                Arguments.of("gemma2, f32", TinyCheckpoint.GEMMA2, DType.F32, false),
                Arguments.of("gemma3", TinyCheckpoint.GEMMA3, DType.BF16, false),
                Arguments.of(
                        "phi3, part of a head, longrope", TinyCheckpoint.PHI3, DType.BF16, false),
                Arguments.of("olmo2", TinyCheckpoint.OLMO2, DType.BF16, false),
                Arguments.of("granite", TinyCheckpoint.GRANITE, DType.BF16, false),
                Arguments.of("mixtral with a window", TinyCheckpoint.MIXTRAL, DType.BF16, false),
                Arguments.of("qwen3_moe, shards", TinyCheckpoint.QWEN3_MOE, DType.BF16, true),
                Arguments.of("gpt_oss", TinyCheckpoint.GPT_OSS, DType.BF16, false),
                Arguments.of("smollm3", TinyCheckpoint.SMOLLM3, DType.BF16, false),
                Arguments.of("ernie4_5", TinyCheckpoint.ERNIE, DType.BF16, false),
                Arguments.of("hunyuan_v1_dense", TinyCheckpoint.HUNYUAN, DType.BF16, false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("checkpoints")
    void logProbabilitiesAgree(String name, String config, DType dtype, boolean sharded)
            throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, config, dtype, sharded);
        LoraAdapter adapter =
                tiny.adapter(1, 3, 0.7f, EnumSet.complementOf(EnumSet.of(LinearModule.K)));
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.VECTOR, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(2, 0), 8),
                        new CpuEngineSettings.Batch(4, 6, 16),
                        new CpuEngineSettings.Context(0, 0));
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder);
                CpuEngine engine = CpuEngine.open(folder, settings, _ -> {})) {
            engine.load(adapter.digest(), adapter);
            RecordedGeneration withAdapter = start(engine, adapter);
            RecordedGeneration base = start(engine, null);
            compare(new ReferenceDecoder(checkpoint, adapter), withAdapter);
            compare(new ReferenceDecoder(checkpoint, null), base);
        }
    }

    private static RecordedGeneration start(CpuEngine engine, @Nullable LoraAdapter adapter) {
        List<Integer> prompt = new ArrayList<>();
        for (int token : PROMPT) {
            prompt.add(token);
        }
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "reference",
                        adapter == null ? null : adapter.digest(),
                        prompt,
                        GenerationRequest.Ending.after(20),
                        Sampling.of(0.8, 5),
                        10),
                generation);
        return generation;
    }

    private static void compare(ReferenceDecoder reference, RecordedGeneration generation) {
        generation.await(Duration.ofSeconds(60));
        List<Integer> sequence = new ArrayList<>();
        for (int token : PROMPT) {
            sequence.add(token);
        }
        for (TokenEvent event : generation.events()) {
            double[] logits =
                    reference.logits(sequence.stream().mapToInt(Integer::intValue).toArray());
            double sum = 0;
            for (double logit : logits) {
                sum += Math.exp(logit);
            }
            for (TokenEvent.TopToken top : event.top()) {
                double expected = logits[top.token()] - Math.log(sum);
                assertThat(Math.abs(top.logProbability() - expected))
                        .as("step %d, token %d", event.index(), top.token())
                        .isLessThan(TOLERANCE);
            }
            sequence.add(event.token());
        }
    }
}
