package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.TokenEvent;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.inference.tensorrtllm.backend.EngineFixture;
import dev.weft.inference.tensorrtllm.backend.OnTriton;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** Tests what is TensorRT-LLM's own besides adapters: its parameters, limits and failures. */
@OnTriton
class TensorRtLlmEngineTest extends EngineFixture {
    @Test
    void aFaultInTheMiddleOfAnAnswerIsAnErrorNeverAFinish() throws IOException {
        TensorRtLlmEngine faulty = open(model().model("test_fail_every", 2));
        assertThat(tokens(faulty, null, 8)).hasSize(8);
        RecordedGeneration failed = run(faulty, null, 8, List.of(3), Sampling.greedy());
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> failed.await(DEADLINE))
                .withMessageContaining("a fault that the test asked for")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.FAILED));
        assertThat(failed.events()).hasSizeLessThan(3);
    }

    @Test
    void everyOneOfSeveralStopTokensEndsAnAnswer() throws IOException {
        TensorRtLlmEngine served = open(model());
        List<Integer> free = tokens(served, null, 12);
        List<Integer> unused = new ArrayList<>();
        for (int token = 0; unused.size() < 2; token++) {
            if (!free.contains(token)) {
                unused.add(token);
            }
        }
        int stop = free.get(5);
        for (List<Integer> tokens :
                List.of(
                        List.of(stop, unused.get(0), unused.get(1)),
                        List.of(unused.get(0), stop, unused.get(1)),
                        List.of(unused.get(0), unused.get(1), stop))) {
            RecordedGeneration generation = run(served, null, 12, tokens, Sampling.greedy());
            assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.STOP);
            assertThat(generation.tokens()).isEqualTo(free.subList(0, free.indexOf(stop) + 1));
            assertThat(generation.events().getLast().endOfSequence()).isTrue();
        }
    }

    @Test
    void penaltiesReachTheModel() throws IOException {
        TensorRtLlmEngine served = open(model());
        int repeating = distinct(served, Sampling.greedy());
        assertThat(repeating).as("some tokens repeat").isLessThan(40);
        assertThat(distinct(served, penalties(2, 0, 1))).as("presence").isGreaterThan(repeating);
        assertThat(distinct(served, penalties(0, 2, 1))).as("frequency").isGreaterThan(repeating);
        assertThat(distinct(served, penalties(0, 0, 100))).as("repetition").isGreaterThan(35);
    }

    @Test
    void filtersReachTheModel() throws IOException {
        TensorRtLlmEngine served = open(model());
        List<Integer> best = tokens(served, null, 12);
        assertThat(run(served, null, 12, List.of(), hot(1, 0)).tokensAtTheEnd(DEADLINE))
                .as("everything")
                .isNotEqualTo(best);
        assertThat(run(served, null, 12, List.of(), hot(1, 1)).tokensAtTheEnd(DEADLINE))
                .as("top_k 1")
                .isEqualTo(best);
        assertThat(run(served, null, 12, List.of(), hot(1e-6, 0)).tokensAtTheEnd(DEADLINE))
                .as("top_p near 0")
                .isEqualTo(best);
    }

    @Test
    void logProbabilitiesOfTheEngineAreThoseOfItsLogits() throws IOException {
        TensorRtLlmEngine full = open(model());
        List<TokenEvent> fromLogits = scored(full, 2).events();
        full.close();
        TensorRtLlmEngine plain = open(model().built("gather_generation_logits", false));
        List<TokenEvent> fromEngine = scored(plain, 0).events();
        for (int i = 0; i < fromLogits.size(); i++) {
            assertThat(fromEngine.get(i).token()).isEqualTo(fromLogits.get(i).token());
            assertThat(fromEngine.get(i).logProbability())
                    .isCloseTo(
                            fromLogits.get(i).logProbability(),
                            org.assertj.core.data.Offset.offset(1e-4f));
            assertThat(fromEngine.get(i).top()).isEmpty();
        }
        assertRefused(() -> scored(plain, 2), "--gather_generation_logits");
        plain.close();

        TensorRtLlmEngine normalizing =
                open(
                        model().built("gather_generation_logits", false)
                                .model("normalize_log_probs", true));
        assertRefused(() -> scored(normalizing, 0), "normalize_log_probs");
        normalizing.close();
        TensorRtLlmEngine ofLogits = open(model().model("normalize_log_probs", true));
        assertThat(scored(ofLogits, 0).events())
                .extracting(TokenEvent::logProbability)
                .containsExactlyElementsOf(
                        fromLogits.stream().map(TokenEvent::logProbability).toList());
    }

    @Test
    void whatTheModelCannotDoIsRefusedByName() throws IOException {
        TensorRtLlmEngine served = open(model());
        Sampling minP =
                new Sampling(1, new Sampling.Cut(1, 0, 0.1), Sampling.Penalties.NONE, 0, Map.of());
        assertRefused(() -> run(served, null, 1, List.of(), minP), "min_p 0.1");
        assertRefused(() -> run(served, null, 1, List.of(), hot(1, 2000)), "top_k 2000");
        Sampling zero =
                new Sampling(
                        0,
                        Sampling.Cut.NONE,
                        Sampling.Penalties.NONE,
                        0,
                        Map.of(),
                        List.of(List.of(3), List.of(5, 0)));
        assertRefused(() -> run(served, null, 1, List.of(), zero), "ends in token 0");
    }

    /** TensorRT-LLM subtracts them after it has divided by the temperature. */
    @Test
    void penaltiesCountBeforeTheTemperature() throws IOException {
        TensorRtLlmEngine served = open(model());
        Sampling cold =
                new Sampling(1e-3, Sampling.Cut.NONE, new Sampling.Penalties(2, 0, 1), 5, Map.of());
        assertThat(run(served, null, 40, List.of(), cold).tokensAtTheEnd(DEADLINE))
                .isEqualTo(
                        run(served, null, 40, List.of(), penalties(2, 0, 1))
                                .tokensAtTheEnd(DEADLINE));
    }

    @Test
    void stopTokensAreHeldBackTokenZeroAmongThem() throws IOException {
        TensorRtLlmEngine served = open(model());
        Sampling towards =
                new Sampling(
                        0,
                        Sampling.Cut.NONE,
                        Sampling.Penalties.NONE,
                        0,
                        Map.of(0, 100.0, 1, 99.0, 2, 98.0));
        // the first is TensorRT-LLM's end token, which it does not send
        for (List<Integer> stop : List.of(List.of(1, 0, 2), List.of(0, 1, 2))) {
            RecordedGeneration generation = new RecordedGeneration();
            served.start(
                    new GenerationRequest(
                            "held",
                            null,
                            PROMPT,
                            new GenerationRequest.Ending(9, 4, stop),
                            towards,
                            -1),
                    generation);

            assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.STOP);
            assertThat(generation.tokens()).hasSize(5).endsWith(0);
            assertThat(generation.tokens().subList(0, 4)).doesNotContain(0, 1, 2);
        }
    }

    /** The {@code max_input_len} that trtllm-build writes is 24 here and bounds nothing. */
    @Test
    void promptsAreAsLongAsOneStepUnlessTheyAreWorkedOnInPieces() throws IOException {
        List<Integer> prompt = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            prompt.add(3 + i % 20);
        }
        TensorRtLlmEngine pieces = open(model().built("max_num_tokens", 64));
        List<Integer> answer = answer(pieces, prompt);
        assertThat(answer).hasSize(4);
        pieces.close();

        TensorRtLlmEngine wide =
                open(model().built("max_num_tokens", 100).model("enable_chunked_context", false));
        assertThat(answer(wide, prompt)).isEqualTo(answer);
        prompt.add(3);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> answer(wide, prompt))
                .withMessageContaining("prompts of at most 100")
                .satisfies(e ->
                        assertThat(e.reason())
                                .isEqualTo(EngineException.Cause.CONTEXT_LENGTH_EXCEEDED));
    }

    private static List<Integer> answer(TensorRtLlmEngine engine, List<Integer> prompt) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "long",
                        null,
                        prompt,
                        GenerationRequest.Ending.after(4),
                        Sampling.greedy(),
                        -1),
                generation);
        return generation.tokensAtTheEnd(DEADLINE);
    }

    @Test
    void moreRequestsThanTheQueueHoldsAreRefused() throws IOException {
        TensorRtLlmEngine served = open(model().model("test_hold_after", 2)); // none ends by itself
        List<Generation> running = new ArrayList<>();
        List<RecordedGeneration> recorded = new ArrayList<>();
        for (int i = 0; i < 8 + TestBackendSettings.QUEUE; i++) {
            recorded.add(new RecordedGeneration());
            running.add(
                    served.start(
                            request(null, 500, List.of(), Sampling.greedy()), recorded.getLast()));
        }
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> run(served, null, 1, List.of(), Sampling.greedy()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.OVERLOADED));
        assertThat(served.statistics().waiting()).isPositive();
        running.forEach(Generation::cancel);
        recorded.forEach(generation -> generation.await(DEADLINE));
        assertThat(tokens(served, null, 2)).hasSize(2);
    }

    /** A request that gets no more tokens leaves the backend by a cancel alone. */
    @Test
    void cancelReachesTheBackend() throws IOException {
        TensorRtLlmEngine held = open(model().model("test_hold_after", 2));
        RecordedGeneration generation = new RecordedGeneration();
        Generation handle =
                held.start(request(null, 500, List.of(), Sampling.greedy()), generation);
        generation.awaitFirstToken(DEADLINE);
        assertThat(held.calls()).isEqualTo(1);

        handle.cancel();

        assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.CANCELLED);
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (held.calls() > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(held.calls()).isZero();
    }

    @Test
    void closingCancelsWhatWouldNotEndByItself() throws IOException {
        TensorRtLlmEngine held = open(model().model("test_hold_after", 2));
        RecordedGeneration generation = run(held, null, 500, List.of(), Sampling.greedy());
        generation.awaitFirstToken(DEADLINE);

        held.close();

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> generation.await(DEADLINE))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.CLOSED));
        assertThat(held.calls()).isZero();
    }

    @Test
    void tellsWhatTheKvCacheHolds() throws IOException {
        TensorRtLlmEngine served = open(model());
        assertThat(reported(served, TensorRtLlmEngineTest::positions, 1)).isEqualTo(8 * 512);
    }

    private static long positions(EngineStatistics statistics) {
        return statistics.kv().total() * statistics.kv().blockTokens();
    }

    /** What a thread of the backend's tells of itself, once it is at least so much. */
    private static long reported(
            TensorRtLlmEngine engine, ToLongFunction<EngineStatistics> what, long least) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (what.applyAsLong(engine.statistics()) < least && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return what.applyAsLong(engine.statistics());
    }

    @Test
    void tellsHowManyStepsThereWere() throws IOException {
        TensorRtLlmEngine served = open(model());
        tokens(served, null, 5);
        tokens(served, null, 5);
        assertThat(reported(served, EngineStatistics::steps, 10)).isEqualTo(10);
    }

    private static void assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(call)
                .withMessageContaining(message)
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.INVALID_REQUEST));
    }

    private static int distinct(TensorRtLlmEngine engine, Sampling sampling) {
        return new HashSet<>(run(engine, null, 40, List.of(), sampling).tokensAtTheEnd(DEADLINE))
                .size();
    }

    private static Sampling penalties(double presence, double frequency, double repetition) {
        return new Sampling(
                0,
                Sampling.Cut.NONE,
                new Sampling.Penalties(presence, frequency, repetition),
                0,
                Map.of());
    }

    private static Sampling hot(double topP, int topK) {
        return new Sampling(
                2, new Sampling.Cut(topP, topK, 0), Sampling.Penalties.NONE, 5, Map.of());
    }

    private static RecordedGeneration scored(TensorRtLlmEngine engine, int top) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "scored",
                        null,
                        PROMPT,
                        GenerationRequest.Ending.after(5),
                        Sampling.greedy(),
                        top),
                generation);
        generation.await(DEADLINE);
        return generation;
    }
}
