package dev.weft.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.constraint.ScriptedConstraint;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.protocol.adapter.AdapterDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every engine promises. An engine has two slots here, room in host memory for at least three
 * adapters, and adapters that show an effect.
 */
@Timeout(400)
public abstract class EngineContractTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final List<Integer> PROMPT = List.of(5, 9, 13, 7);

    @AutoClose private Engine engine;

    /** A started engine with two adapter slots and a cache for three adapters in host memory. */
    protected abstract Engine open() throws Exception;

    /** An adapter for the engine's model; a different one for each number. */
    protected abstract LoraAdapter adapter(int number);

    /** Whether it runs the batch itself and so knows the steps of each generation. */
    protected boolean tellsSteps() {
        return false;
    }

    @BeforeEach
    void start() throws Exception {
        engine = open();
    }

    @Test
    void countsTokensAndEndsWithLength() {
        RecordedGeneration generation = run(null, 6, List.of(), Sampling.greedy());
        assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
        assertThat(generation.events()).hasSize(6);
    }

    @Test
    void tellsWhatAGenerationTookOnceBeforeItsEnd() {
        RecordedGeneration generation = run(null, 6, List.of(), Sampling.greedy());
        generation.await(DEADLINE);
        GenerationWork work = Objects.requireNonNull(generation.work());
        assertThat(work.ran()).isTrue();
        assertThat(work.queueNanos()).isBetween(0L, DEADLINE.toNanos());
        if (!tellsSteps()) {
            assertThat(List.of(work.promptSteps(), work.decodeSteps(), work.preemptions()))
                    .isEqualTo(Collections.nCopies(3, OptionalInt.empty()));
            return;
        }
        assertThat(work.promptSteps()).hasValue(1);
        assertThat(work.preemptions()).hasValue(0);
        // A step may give several tokens, if it has guessed them.
        assertThat(work.decodeSteps().orElseThrow()).isBetween(1, 5);
    }

    @Test
    void endsWithStopAtAStopTokenWhichIsTheLastEvent() {
        List<Integer> free = tokens(null, 6);
        int stop = free.get(3);
        RecordedGeneration generation = run(null, 6, List.of(stop), Sampling.greedy());
        assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.STOP);
        List<TokenEvent> events = generation.events();
        assertThat(events).hasSize(free.indexOf(stop) + 1);
        assertThat(events.getLast().endOfSequence()).isTrue();
    }

    @Test
    void minTokensKeepsStopTokensAway() {
        int stop = tokens(null, 1).getFirst();
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "min",
                        null,
                        PROMPT,
                        new GenerationRequest.Ending(5, 4, List.of(stop)),
                        Sampling.greedy(),
                        -1),
                generation);
        generation.await(DEADLINE);
        assertThat(generation.tokens().subList(0, 4)).doesNotContain(stop);
    }

    /** As Llama 3 has them: a model may end its answers with any of several tokens. */
    @Test
    void minTokensKeepsEveryOneOfSeveralStopTokensAway() {
        int best = tokens(null, 1).getFirst();
        int next = await(run(null, 1, List.of(), without(List.of(best)))).getFirst();
        List<Integer> stop = List.of(best, next);
        RecordedGeneration held = new RecordedGeneration();
        engine.start(min(6, 12, stop), held);
        held.await(DEADLINE);
        assertThat(held.tokens()).hasSizeGreaterThanOrEqualTo(6);
        assertThat(held.tokens().subList(0, 6)).doesNotContainAnyElementsOf(stop);

        RecordedGeneration all = new RecordedGeneration();
        engine.start(min(6, 6, stop), all);
        assertThat(all.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
        assertThat(all.tokens()).isEqualTo(held.tokens().subList(0, 6));

        // what comes after them is what comes after the same tokens in a prompt
        List<Integer> prompt = new ArrayList<>(PROMPT);
        prompt.addAll(held.tokens().subList(0, 6));
        RecordedGeneration rest = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "rest",
                        null,
                        prompt,
                        new GenerationRequest.Ending(6, 0, stop),
                        Sampling.greedy(),
                        -1),
                rest);
        assertThat(await(rest)).isEqualTo(held.tokens().subList(6, held.tokens().size()));
    }

    /** As with {@code ignore_eos}: the end token ends nothing, and is held back all the same. */
    @Test
    void minTokensKeepsIgnoredEndTokensAway() {
        int end = tokens(null, 1).getFirst();
        RecordedGeneration held = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "ignored",
                        null,
                        PROMPT,
                        new GenerationRequest.Ending(8, 4, List.of(), List.of(end)),
                        Sampling.greedy(),
                        -1),
                held);
        assertThat(held.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
        assertThat(held.tokens()).hasSize(8);
        assertThat(held.tokens().subList(0, 4)).doesNotContain(end);
    }

    private static GenerationRequest min(int least, int most, List<Integer> stop) {
        return new GenerationRequest(
                "min",
                null,
                PROMPT,
                new GenerationRequest.Ending(most, least, stop),
                Sampling.greedy(),
                -1);
    }

    @Test
    void aBadWordIsNeverFinished() {
        List<Integer> free = tokens(null, 12);
        int token = free.get(3);
        List<Integer> without = await(run(null, 12, List.of(), without(List.of(token))));
        assertThat(without).hasSize(12).doesNotContain(token);
        int first = free.indexOf(token);
        assertThat(without.subList(0, first)).isEqualTo(free.subList(0, first));

        List<Integer> pair = free.subList(4, 6);
        List<Integer> apart = await(run(null, 12, List.of(), without(pair)));
        assertThat(Collections.indexOfSubList(free, pair)).isNotNegative();
        assertThat(Collections.indexOfSubList(apart, pair)).isNegative();

        List<Integer> other = List.of(PROMPT.get(3), PROMPT.get(3), free.getFirst());
        assertThat(await(run(null, 1, List.of(), without(other)))).isEqualTo(free.subList(0, 1));
    }

    private static Sampling without(List<Integer> word) {
        return new Sampling(
                0, Sampling.Cut.NONE, Sampling.Penalties.NONE, 0, Map.of(), List.of(word));
    }

    /** Among any others; an engine that can't do it says so. */
    @Test
    void aConstraintLeavesTheBestOfTheTokensThatItAllows() {
        int vocabulary = engine.description().model().vocabulary().size();
        List<List<Integer>> refused = new ArrayList<>();
        for (int token = 0; token < vocabulary; token++) {
            if (token % 3 != 0) {
                refused.add(List.of(token));
            }
        }
        GenerationRequest request = constrained(vocabulary);
        if (!engine.description().constrains()) {
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> engine.start(request, new RecordedGeneration()))
                    .satisfies(e ->
                            assertThat(e.reason())
                                    .isEqualTo(EngineException.Cause.INVALID_REQUEST));
            return;
        }
        Sampling without =
                new Sampling(0, Sampling.Cut.NONE, Sampling.Penalties.NONE, 0, Map.of(), refused);
        RecordedGeneration free = run(null, 12, List.of(), Sampling.greedy());
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(request, generation);
        assertThat(await(generation)).isEqualTo(await(run(null, 12, List.of(), without)));
        assertThat(await(free)).isEqualTo(tokens(null, 12)).isNotEqualTo(generation.tokens());
    }

    private static GenerationRequest constrained(int vocabulary) {
        return new GenerationRequest(
                "constrained",
                null,
                PROMPT,
                GenerationRequest.Ending.after(12),
                new GenerationRequest.Selection(
                        Sampling.greedy(),
                        -1,
                        ScriptedConstraint.only(vocabulary, token -> token % 3 == 0)),
                Owner.NOBODY);
    }

    /** An engine that makes no vectors says so before the request may wait. */
    @Test
    void makesVectorsOfPromptsIfItSaysSo() {
        for (PooledOutput output : List.of(PooledOutput.LAST, PooledOutput.MEAN)) {
            GenerationRequest request =
                    GenerationRequest.pooled("pooled", null, PROMPT, output, Owner.NOBODY);
            RecordedGeneration generation = new RecordedGeneration();
            if (!engine.description().pools()) {
                assertThatExceptionOfType(EngineException.class)
                        .isThrownBy(() -> engine.start(request, generation))
                        .satisfies(e ->
                                assertThat(e.reason())
                                        .isEqualTo(EngineException.Cause.INVALID_REQUEST));
                continue;
            }
            engine.start(request, generation);
            assertThat(generation.vectorAtTheEnd(DEADLINE))
                    .hasSize(engine.description().model().shape().hiddenSize());
        }
    }

    @Test
    void adaptersAnswerDifferentlyAndEachAsItDoesAlone() {
        AdapterDigest one = load(1);
        AdapterDigest two = load(2);
        List<Integer> base = tokens(null, 12);
        List<Integer> first = tokens(one, 12);
        List<Integer> second = tokens(two, 12);
        assertThat(List.of(base, first, second)).doesNotHaveDuplicates();

        List<@Nullable AdapterDigest> mix = new ArrayList<>();
        List<RecordedGeneration> running = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            AdapterDigest adapter = i % 3 == 0 ? null : i % 3 == 1 ? one : two;
            mix.add(adapter);
            running.add(run(adapter, 12, List.of(), Sampling.greedy()));
        }
        for (int i = 0; i < 12; i++) {
            running.get(i).await(DEADLINE);
            List<Integer> expected = i % 3 == 0 ? base : i % 3 == 1 ? first : second;
            assertThat(running.get(i).tokens())
                    .as("row %d, adapter %s", i, mix.get(i))
                    .isEqualTo(expected);
        }
    }

    @Test
    void theSameSeedGivesTheSameTokensAndAnotherOneOthers() {
        Sampling hot = Sampling.of(1.5, 42);
        List<Integer> first = await(run(null, 16, List.of(), hot));
        List<Integer> again = await(run(null, 16, List.of(), hot));
        List<Integer> other = await(run(null, 16, List.of(), Sampling.of(1.5, 43)));
        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void reportsLogProbabilitiesBestFirst() {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(
                new GenerationRequest(
                        "top",
                        null,
                        PROMPT,
                        GenerationRequest.Ending.after(3),
                        Sampling.greedy(),
                        4),
                generation);
        generation.await(DEADLINE);
        for (TokenEvent event : generation.events()) {
            assertThat(event.top()).hasSize(4);
            assertThat(event.top().getFirst().token()).isEqualTo(event.token());
            assertThat(event.top().getFirst().logProbability()).isEqualTo(event.logProbability());
            assertThat(event.top())
                    .isSortedAccordingTo(
                            (a, b) -> Float.compare(b.logProbability(), a.logProbability()));
        }
    }

    @Test
    void aRepeatedPromptGivesTheSameTokensAndIsNeverCachedAsAWhole() {
        List<Integer> prompt = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            prompt.add(3 + i % 20);
        }
        RecordedGeneration first = new RecordedGeneration();
        engine.start(prompt(prompt, 6), first);
        List<Integer> expected = await(first);
        EngineStatistics before = engine.statistics();
        RecordedGeneration again = new RecordedGeneration();
        engine.start(prompt(prompt, 6), again);
        assertThat(await(again)).isEqualTo(expected);
        assertThat(first.cachedTokens()).isZero();
        assertThat(again.cachedTokens()).isBetween(0, prompt.size() - 1);
        EngineStatistics after = engine.statistics();
        assertThat(after.tokens().prefixQueried() - before.tokens().prefixQueried())
                .isEqualTo(prompt.size());
        assertThat(after.tokens().prefixHit() - before.tokens().prefixHit())
                .isEqualTo(again.cachedTokens());
    }

    @Test
    void logitBiasCanForceAToken() {
        Sampling forced =
                new Sampling(0, Sampling.Cut.NONE, Sampling.Penalties.NONE, 0, Map.of(11, 100.0));
        assertThat(await(run(null, 3, List.of(), forced))).containsOnly(11);
    }

    @Test
    void cancelEndsAGenerationAndFreesItsRow() {
        RecordedGeneration generation = new RecordedGeneration();
        // else a fast engine may be through before we are
        generation.hold();
        Generation handle =
                engine.start(request(null, longest(), List.of(), Sampling.greedy()), generation);
        generation.awaitFirstToken(DEADLINE);
        handle.cancel();
        handle.cancel();
        generation.goOn();
        assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.CANCELLED);
        assertThat(generation.events().size()).isLessThan(longest());
        assertThat(tokens(null, 2)).hasSize(2);
    }

    @Test
    void anAdapterMustBeLoadedAndThereMustBeASlot() {
        AdapterDigest one = load(1);
        load(1);
        load(2);
        LoraAdapter third = adapter(3);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.load(third.digest(), third))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.NO_SLOT));
        engine.unload(one);
        engine.load(third.digest(), third);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> run(one, 1, List.of(), Sampling.greedy()))
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.ADAPTER_NOT_LOADED));
        assertThat(tokens(third.digest(), 3)).hasSize(3);
    }

    @Test
    void anAdapterThatIsUnloadedServesItsRunningGenerationsToTheEnd() {
        AdapterDigest one = load(1);
        List<Integer> expected = tokens(one, 24);
        RecordedGeneration generation = run(one, 24, List.of(), Sampling.greedy());
        generation.awaitFirstToken(DEADLINE);
        engine.unload(one);
        assertThat(await(generation)).isEqualTo(expected);
    }

    @Test
    void anAdapterThatHasLeftItsSlotComesBackWithoutItsWeights() {
        AdapterDigest one = load(1);
        List<Integer> expected = tokens(one, 12);
        assertThat(engine.reload(one)).as("it is in its slot").isTrue();
        engine.unload(one);
        load(2);
        load(3);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.reload(one))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.NO_SLOT));

        engine.unload(adapter(2).digest());
        assertThat(engine.reload(one)).isTrue();

        assertThat(tokens(one, 12)).isEqualTo(expected);
        assertThat(engine.reload(adapter(4).digest())).as("never loaded").isFalse();
    }

    @Test
    void anAdapterComesBackWhileItsLastGenerationStillRuns() {
        AdapterDigest one = load(1);
        List<Integer> expected = tokens(one, 24);
        RecordedGeneration running = run(one, 24, List.of(), Sampling.greedy());
        running.awaitFirstToken(DEADLINE);
        engine.unload(one);

        assertThat(engine.reload(one)).isTrue();

        RecordedGeneration next = run(one, 24, List.of(), Sampling.greedy());
        assertThat(await(running)).isEqualTo(expected);
        assertThat(await(next)).isEqualTo(expected);
    }

    @Test
    void countsAdaptersByWhereTheyAre() {
        AdapterDigest one = load(1);
        load(2);
        engine.unload(one);
        AdapterStatistics unloaded = engine.statistics().adapters();
        assertThat(unloaded.slots().adapters()).isEqualTo(1);
        assertThat(unloaded.hostCache().adapters()).isEqualTo(1);
        assertThat(unloaded.loads()).isEqualTo(2);
        assertThat(unloaded.slots().evictions()).isEqualTo(1);

        engine.reload(one);

        AdapterStatistics back = engine.statistics().adapters();
        assertThat(back.slots().adapters()).isEqualTo(2);
        assertThat(back.hostCache().adapters()).isZero();
        assertThat(back.loads()).isEqualTo(2);
        assertThat(back.reloads()).isEqualTo(1);
        assertThat(back.slots().bytes()).isGreaterThan(unloaded.slots().bytes());
    }

    @Test
    void tellsWhatEachAdapterTakesWhereItIs() {
        AdapterDigest one = load(1);
        AdapterDigest two = load(2);
        engine.unload(one);

        AdapterSizes memory = engine.adapterSizes();
        AdapterStatistics all = engine.statistics().adapters();
        assertThat(memory.slots()).containsExactly(Map.entry(two, all.slots().bytes()));
        assertThat(memory.host()).containsExactly(Map.entry(one, all.hostCache().bytes()));
        assertThat(engine.cached()).containsExactly(one);
    }

    @Test
    void countsTokens() {
        EngineStatistics before = engine.statistics();
        await(run(null, 5, List.of(), Sampling.greedy()));
        EngineStatistics after = engine.statistics();
        assertThat(after.tokens().prompt() - before.tokens().prompt()).isEqualTo(PROMPT.size());
        assertThat(after.tokens().generated() - before.tokens().generated()).isEqualTo(5);
        assertThat(after.kv().usage()).isBetween(0.0, 1.0);
    }

    @Test
    void refusesAPromptThatFillsTheContextAndEndsAnAnswerAtIt() {
        int context = engine.description().contextLength();
        List<Integer> full = new ArrayList<>();
        for (int i = 0; i < context; i++) {
            full.add(3 + i % 20);
        }
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> engine.start(prompt(full, 1), new RecordedGeneration()))
                .satisfies(e ->
                        assertThat(e.reason())
                                .isEqualTo(EngineException.Cause.CONTEXT_LENGTH_EXCEEDED));
        RecordedGeneration last = new RecordedGeneration();
        engine.start(prompt(full.subList(0, context - 2), 10), last);
        assertThat(last.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
        assertThat(last.events()).hasSize(2);
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefused() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() ->
                        engine.start(prompt(List.of(1, 1 << 24), 1), new RecordedGeneration()))
                .satisfies(e ->
                        assertThat(e.reason()).isEqualTo(EngineException.Cause.INVALID_REQUEST));
    }

    @Test
    void closingEndsWhatRunsWithAnErrorNeverWithAFinish() {
        RecordedGeneration generation = new RecordedGeneration();
        // else a fast engine may be through before it is closed
        generation.hold();
        engine.start(request(null, longest(), List.of(), Sampling.greedy()), generation);
        generation.awaitFirstToken(DEADLINE);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(engine::close);
        awaitClosed();
        generation.goOn();
        assertThat(closing).succeedsWithin(DEADLINE);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> generation.await(DEADLINE))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.CLOSED));
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> run(null, 1, List.of(), Sampling.greedy()));
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> load(1))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.CLOSED));
    }

    /** Asks until the engine takes nothing more. */
    private void awaitClosed() {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!isClosed()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private boolean isClosed() {
        try {
            run(null, 1, List.of(), Sampling.greedy());
            return false;
        } catch (EngineException e) {
            return e.reason() == EngineException.Cause.CLOSED;
        }
    }

    private int longest() {
        return engine.description().contextLength() - PROMPT.size();
    }

    private AdapterDigest load(int number) {
        LoraAdapter adapter = adapter(number);
        engine.load(adapter.digest(), adapter);
        return adapter.digest();
    }

    private List<Integer> tokens(@Nullable AdapterDigest adapter, int count) {
        return await(run(adapter, count, List.of(), Sampling.greedy()));
    }

    private static List<Integer> await(RecordedGeneration generation) {
        generation.await(DEADLINE);
        return generation.tokens();
    }

    private RecordedGeneration run(
            @Nullable AdapterDigest adapter, int count, List<Integer> stop, Sampling sampling) {
        RecordedGeneration generation = new RecordedGeneration();
        engine.start(request(adapter, count, stop, sampling), generation);
        return generation;
    }

    private static GenerationRequest request(
            @Nullable AdapterDigest adapter, int count, List<Integer> stop, Sampling sampling) {
        return new GenerationRequest(
                "test",
                adapter,
                PROMPT,
                new GenerationRequest.Ending(count, 0, stop),
                sampling,
                -1);
    }

    private static GenerationRequest prompt(List<Integer> prompt, int count) {
        return new GenerationRequest(
                "test", null, prompt, GenerationRequest.Ending.after(count), Sampling.greedy(), -1);
    }
}
