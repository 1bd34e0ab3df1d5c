package dev.weft.inference.cpu.kv;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests longer than the KV cache of a model all of whose layers see a window. */
class WindowTest {
    private static final int WINDOW = 20;
    private static final int PROMPT = 150;
    private static final int ANSWER = 100;
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    /** What one request holds at most: window, a step's tokens, two blocks; in whole blocks. */
    private static final int HELD = (WINDOW + 16 + 32 + 15) / 16 * 16;

    private static final String CONFIG =
            """
            {"model_type": "mistral", "hidden_size": 32, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 56,
             "vocab_size": 70, "max_position_embeddings": 512, "sliding_window": 20,
             "rms_norm_eps": 1e-5, "tie_word_embeddings": false}
            """;

    /** Its second and third layers see a window, the first and the fourth do not. */
    private static final String ALTERNATING =
            """
            {"model_type": "qwen2", "hidden_size": 32, "num_hidden_layers": 4,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 56,
             "vocab_size": 70, "max_position_embeddings": 512, "use_sliding_window": true,
             "sliding_window": 20, "layer_types": ["full_attention", "sliding_attention",
             "sliding_attention", "full_attention"],
             "rms_norm_eps": 1e-5, "tie_word_embeddings": false}
            """;

    @TempDir private Path folder;

    @Test
    void blocksBehindTheWindowAreGivenBackAndNothingElseChanges() throws IOException {
        TinyCheckpoint.write(folder, CONFIG, DType.BF16, false);
        List<TokenEvent> roomy;
        try (CpuEngine engine = engine(4 * 512)) {
            roomy = answer(engine, 1);
        }
        try (CpuEngine engine = engine(HELD)) {
            assertThat(engine.description().contextLength()).isEqualTo(512);
            assertThat(answer(engine, 1)).isEqualTo(roomy);
            // The first request's prefix is partly gone: what is left of it may be reused or not.
            assertThat(answer(engine, 1)).isEqualTo(roomy);
            assertThat(answer(engine, 2)).isNotEqualTo(roomy);
        }
    }

    @Test
    void severalLongRequestsShareASmallCache() throws IOException {
        TinyCheckpoint.write(folder, CONFIG, DType.BF16, false);
        try (CpuEngine engine = engine(4 * 512)) {
            List<TokenEvent> first = answer(engine, 1);
            List<TokenEvent> second = answer(engine, 2);
            try (CpuEngine small = engine(2 * HELD)) {
                RecordedGeneration one = start(small, 1);
                RecordedGeneration other = start(small, 2);
                one.await(DEADLINE);
                other.await(DEADLINE);
                assertThat(one.events()).isEqualTo(first);
                assertThat(other.events()).isEqualTo(second);
            }
        }
    }

    /**
     * Four rows have room for 68 positions each behind the window, and the first and the fourth
     * layer for all: with all blocks kept, the windowed layers alone would hold four times 200.
     */
    @Test
    void layersThatSeeAWindowGiveBlocksBackBesideThoseThatSeeAll() throws IOException {
        TinyCheckpoint.write(folder, ALTERNATING, DType.BF16, false);
        try (CpuEngine engine = engine(4 * 512)) {
            assertThat(engine.description().contextLength()).isEqualTo(512);
            List<RecordedGeneration> together = new ArrayList<>();
            for (int seed = 1; seed <= 4; seed++) {
                together.add(start(engine, seed));
            }
            together.forEach(generation -> generation.await(DEADLINE));
            for (int seed = 1; seed <= 4; seed++) {
                // alone, and from the prefix that is kept
                List<TokenEvent> alone = answer(engine, seed);
                assertThat(together.get(seed - 1).events()).isEqualTo(alone);
            }
            assertThat(engine.statistics().batch().orElseThrow().yielded().requests()).isZero();
        }
    }

    /** All of the first request's blocks are kept; the second one's window needs few of them. */
    @Test
    void aLongPrefixThatIsReusedLeavesRoomForWhatFollows() throws IOException {
        TinyCheckpoint.write(folder, CONFIG, DType.BF16, false);
        List<TokenEvent> roomy;
        try (CpuEngine engine = engine(4 * 512)) {
            roomy = answer(engine, prompt(HELD + 16, 1), 40);
        }
        try (CpuEngine engine = engine(HELD)) {
            assertThat(answer(engine, prompt(HELD, 1), 1)).hasSize(1);
            assertThat(answer(engine, prompt(HELD + 16, 1), 40)).isEqualTo(roomy);
        }
    }

    private CpuEngine engine(int positions) throws IOException {
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.VECTOR, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(1, 0), 8),
                        new CpuEngineSettings.Batch(4, 16, 16),
                        new CpuEngineSettings.Context(0, positions));
        return CpuEngine.open(folder, settings, _ -> {});
    }

    private static List<TokenEvent> answer(CpuEngine engine, int seed) {
        return answer(engine, prompt(PROMPT, seed), ANSWER);
    }

    private static List<TokenEvent> answer(CpuEngine engine, List<Integer> prompt, int tokens) {
        RecordedGeneration generation = start(engine, prompt, tokens);
        generation.await(DEADLINE);
        assertThat(generation.events()).hasSize(tokens);
        return generation.events();
    }

    private static List<Integer> prompt(int length, int seed) {
        return IntStream.range(0, length).mapToObj(i -> i * seed * 7 % 70).toList();
    }

    private static RecordedGeneration start(CpuEngine engine, int seed) {
        return start(engine, prompt(PROMPT, seed), ANSWER);
    }

    private static RecordedGeneration start(CpuEngine engine, List<Integer> prompt, int tokens) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "window",
                        null,
                        prompt,
                        GenerationRequest.Ending.after(tokens),
                        Sampling.greedy(),
                        1),
                generation);
        return generation;
    }
}
