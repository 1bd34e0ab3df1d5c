package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationListener;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.constraint.ScriptedConstraint;
import dev.weft.inference.engine.constraint.TokenConstraint;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.engine.statistics.BatchStatistics;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers with guessed tokens are those without, bit for bit. */
@Timeout(300)
class SpeculationTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final int VOCABULARY = 70;
    private static final int DRAFT = 6;

    @TempDir private Path folder;

    /** Plain, with windows and caps, with a rotation that changes, with experts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                TinyCheckpoint.QWEN2,
                TinyCheckpoint.GEMMA2,
                TinyCheckpoint.PHI3,
                TinyCheckpoint.MIXTRAL,
                TinyCheckpoint.GPT_OSS
            })
    void answersAreWhatTheyAreWithoutGuesses(String config) throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, config, DType.BF16, false);
        List<LoraAdapter> adapters =
                IntStream.range(1, 4)
                        .mapToObj(i -> tiny.adapter(i, 4, 0.5f, EnumSet.allOf(LinearModule.class)))
                        .toList();
        List<List<TokenEvent>> expected;
        try (CpuEngine engine = open(0, adapters)) {
            expected = answers(engine, requests(adapters));
            assertThat(drafts(engine).drafts()).isZero();
        }
        try (CpuEngine engine = open(DRAFT, adapters)) {
            // One after the other, then in company.
            for (GenerationRequest request : requests(adapters)) {
                List<TokenEvent> alone = answers(engine, List.of(request)).getFirst();
                assertThat(alone)
                        .as("%s", request)
                        .isEqualTo(expected.get(Integer.parseInt(request.id())));
            }
            assertThat(answers(engine, requests(adapters))).isEqualTo(expected);
            BatchStatistics.Drafts drafts = drafts(engine);
            assertThat(drafts.accepted()).isPositive().isLessThan(drafts.tokens());
            assertThat(drafts.tokens()).isGreaterThanOrEqualTo(drafts.drafts());
        }
    }

    /** A model that drafts what the base says, and one that knows nothing. */
    @ParameterizedTest
    @ValueSource(strings = {TinyCheckpoint.PHI3, TinyCheckpoint.LLAMA})
    void aModelMayDraft(String config) throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.write(folder, TinyCheckpoint.PHI3, DType.BF16, false);
        Path other = folder.resolve("drafts");
        TinyCheckpoint.write(other, config, DType.BF16, false);
        List<LoraAdapter> adapters =
                IntStream.range(1, 4)
                        .mapToObj(i -> tiny.adapter(i, 4, 0.1f, EnumSet.allOf(LinearModule.class)))
                        .toList();
        List<List<TokenEvent>> expected;
        try (CpuEngine engine = open(0, adapters)) {
            expected = answers(engine, requests(adapters));
        }
        try (CpuEngine engine = open(new CpuEngineSettings.Drafts(DRAFT, other), adapters)) {
            for (int round = 0; round < 3; round++) {
                assertThat(answers(engine, requests(adapters))).isEqualTo(expected);
            }
            BatchStatistics.Drafts drafts = drafts(engine);
            assertThat(drafts.accepted()).isPositive().isLessThan(drafts.tokens());
        }
    }

    /** Prompts without a repetition: what is accepted was drafted by the model. */
    @Test
    void aModelThatIsTheBaseDraftsWhatTheBaseSays() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            List<Integer> prompt = List.of(i, 69 - i, (7 * i) % 70);
            requests.add(request(Sampling.greedy(), prompt, 3, List.of()));
        }
        List<List<TokenEvent>> expected;
        try (CpuEngine engine = open(0, List.of())) {
            expected =
                    requests.stream().flatMap(r -> answers(engine, List.of(r)).stream()).toList();
        }
        try (CpuEngine engine = open(new CpuEngineSettings.Drafts(DRAFT, folder), List.of())) {
            List<List<TokenEvent>> found =
                    requests.stream().flatMap(r -> answers(engine, List.of(r)).stream()).toList();
            assertThat(found).isEqualTo(expected);
            assertThat(drafts(engine).accepted()).isPositive();
        }
    }

    @Test
    void stepsAreSaved() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        GenerationRequest request = request(biased(), List.of(5, 6, 5, 6, 5, 6), 80, List.of());
        try (CpuEngine engine = open(0, List.of());
                CpuEngine guessing = open(DRAFT, List.of())) {
            List<TokenEvent> expected = answers(engine, List.of(request)).getFirst();
            assertThat(answers(guessing, List.of(request)).getFirst()).isEqualTo(expected);
            assertThat(expected).hasSize(80);
            assertThat(guessing.steps()).isLessThan(engine.steps());
            assertThat(guessing.statistics().tokens().generated())
                    .isEqualTo(engine.statistics().tokens().generated());
            assertThat(guessing.statistics().batch().orElseThrow().decodeTokens())
                    .isEqualTo(engine.statistics().batch().orElseThrow().decodeTokens());
        }
    }

    @Test
    void anAnswerEndsAtItsStopTokenAmongGuessedOnes() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        List<Integer> prompt = List.of(5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8);
        try (CpuEngine engine = open(DRAFT, List.of())) {
            List<Integer> free =
                    answers(engine, List.of(request(biased(), prompt, 60, List.of())))
                            .getFirst()
                            .stream()
                            .map(TokenEvent::token)
                            .toList();
            for (int stop : free.stream().distinct().toList()) {
                RecordedGeneration generation = new RecordedGeneration();
                engine.start(request(biased(), prompt, 60, List.of(stop)), generation);
                assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.STOP);
                assertThat(generation.tokens()).isEqualTo(free.subList(0, free.indexOf(stop) + 1));
                assertThat(generation.events().getLast().endOfSequence()).isTrue();
            }
        }
    }

    @Test
    void aCancelledRowTellsNoMoreTokensOfItsDraft() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        List<Integer> prompt = List.of(5, 6, 5, 6, 5, 6);
        try (CpuEngine engine = open(DRAFT, List.of())) {
            for (int last = 20; last < 40; last++) {
                Cancelling listener = new Cancelling(last);
                listener.generation.set(
                        engine.start(request(biased(), prompt, 80, List.of()), listener));
                listener.begin.complete(null);
                assertThat(listener.end.orTimeout(1, TimeUnit.MINUTES).join())
                        .isEqualTo(FinishReason.CANCELLED);
                assertThat(listener.count).isEqualTo(last);
            }
            assertThat(drafts(engine).accepted()).isPositive();
        }
    }

    /** Cancels its request when it gets that token. */
    private static final class Cancelling implements GenerationListener {
        private final int last;
        private final AtomicReference<@Nullable Generation> generation = new AtomicReference<>();
        private final CompletableFuture<@Nullable Void> begin = new CompletableFuture<>();
        private final CompletableFuture<FinishReason> end = new CompletableFuture<>();
        private volatile int count;

        private Cancelling(int last) {
            this.last = last;
        }

        @Override
        public void onPrompt(int cached) {
            begin.join();
        }

        @Override
        public void onToken(TokenEvent event) {
            count = event.index() + 1;
            Generation own = generation.get();
            if (count == last && own != null) {
                own.cancel();
            }
        }

        @Override
        public void onFinish(FinishReason reason) {
            end.complete(reason);
        }

        @Override
        public void onError(EngineException error) {
            end.completeExceptionally(error);
        }
    }

    /** Eighteen requests: greedy, sampled, penalised, biased to repeat, and constrained ones. */
    private static List<GenerationRequest> requests(List<LoraAdapter> adapters) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            Sampling sampling =
                    switch (i % 6) {
                        case 0 -> Sampling.greedy();
                        case 1 -> Sampling.of(0.3, 40 + i);
                        case 2 ->
                                new Sampling(
                                        0.5,
                                        new Sampling.Cut(0.9, 20, 0.01),
                                        new Sampling.Penalties(0.1, 0.05, 1.05),
                                        90 + i,
                                        Map.of());
                        case 3 -> biased();
                        default -> Sampling.of(0.1, 7);
                    };
            int period = 2 + i % 3;
            int length = 9 + i;
            int first = i;
            List<Integer> prompt =
                    IntStream.range(0, length).mapToObj(at -> first + at % period).toList();
            TokenConstraint odd =
                    i % 6 == 5
                            ? ScriptedConstraint.only(VOCABULARY, token -> token % 4 == 1)
                            : null;
            LoraAdapter adapter = i % 4 == 3 ? null : adapters.get(i % 4);
            requests.add(
                    new GenerationRequest(
                            "" + i,
                            adapter == null ? null : adapter.digest(),
                            prompt,
                            GenerationRequest.Ending.after(30 + 2 * i),
                            new GenerationRequest.Selection(sampling, i % 3, odd),
                            Owner.NOBODY));
        }
        return requests;
    }

    /** Four tokens are far more probable than all others, so that they repeat. */
    private static Sampling biased() {
        return new Sampling(
                0,
                Sampling.of(1, 1).cut(),
                Sampling.Penalties.NONE,
                1,
                Map.of(5, 20.0, 6, 20.0, 7, 20.0, 8, 20.0));
    }

    private static GenerationRequest request(
            Sampling sampling, List<Integer> prompt, int most, List<Integer> stop) {
        return new GenerationRequest(
                "r", null, prompt, new GenerationRequest.Ending(most, 0, stop), sampling, 0);
    }

    private static List<List<TokenEvent>> answers(
            CpuEngine engine, List<GenerationRequest> requests) {
        List<RecordedGeneration> running = new ArrayList<>();
        for (GenerationRequest request : requests) {
            RecordedGeneration generation = new RecordedGeneration();
            engine.start(request, generation);
            running.add(generation);
        }
        running.forEach(generation -> generation.await(DEADLINE));
        return running.stream().map(RecordedGeneration::events).toList();
    }

    private static BatchStatistics.Drafts drafts(CpuEngine engine) {
        return engine.statistics().batch().orElseThrow().drafts();
    }

    private CpuEngine open(int draftTokens, List<LoraAdapter> adapters) throws IOException {
        return open(CpuEngineSettings.Drafts.of(draftTokens), adapters);
    }

    private CpuEngine open(CpuEngineSettings.Drafts drafts, List<LoraAdapter> adapters)
            throws IOException {
        CpuEngineSettings settings =
                new CpuEngineSettings(
                        new CpuEngineSettings.Compute(2, Kernels.Choice.VECTOR, Precision.BF16),
                        new CpuEngineSettings.Adapters(new ShelfSize(4, 0), 8),
                        new CpuEngineSettings.Batch(20, 64, 64, Duration.ofMinutes(1), drafts),
                        new CpuEngineSettings.Context(0, 2_000));
        CpuEngine engine = CpuEngine.open(folder, settings, _ -> {});
        adapters.forEach(adapter -> engine.load(adapter.digest(), adapter));
        return engine;
    }
}
