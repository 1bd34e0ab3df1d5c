package dev.weft.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.format.safetensors.DType;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.FinishReason;
import dev.weft.inference.engine.Generation;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.RecordedGeneration;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.constraint.ScriptedConstraint;
import dev.weft.inference.engine.constraint.TokenConstraint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers under constraints, alone, in company, and beside constraints that are slow or broken. */
@Timeout(300)
class ConstrainedGenerationTest {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final int VOCABULARY = 70;
    private static final int END = 2;
    private static final List<Integer> PROMPT = List.of(5, 9, 13, 7);

    @TempDir private Path folder;
    private TestLoop loop;

    @BeforeEach
    void open() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.QWEN2, DType.BF16, false);
        // a mask's thread may have to wait for the processor
        loop =
                TestLoop.open(
                        folder, Precision.BF16, 8, 40, 8 * 96, List.of(), Duration.ofMinutes(1));
        TestLoop.log(false);
    }

    @AfterEach
    void close() {
        TestLoop.log(true);
        loop.close();
    }

    @Test
    void constrainedAnswersAreTheSameInCompany() {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Sampling.Cut cut = new Sampling.Cut(i % 3 == 0 ? 0.8 : 1, i % 4 == 0 ? 9 : 0, 0);
            Sampling sampling =
                    new Sampling(i % 5, cut, Sampling.Penalties.NONE, 100 + i, Map.of());
            requests.add(request(sampling, 20, i % 2 == 0 ? odd() : null));
        }
        List<List<Integer>> alone =
                requests.stream().map(request -> await(start(fresh(request)))).toList();
        List<RecordedGeneration> running = requests.stream().map(one -> start(fresh(one))).toList();
        for (int i = 0; i < requests.size(); i++) {
            assertThat(await(running.get(i))).as("%s", requests.get(i)).isEqualTo(alone.get(i));
            if (i % 2 == 0) {
                assertThat(alone.get(i)).hasSize(20).allMatch(token -> token % 2 == 1);
            }
        }
        assertThat(loop.loop().masks().seconds().count()).isPositive();
    }

    @Test
    void anAnswerEndsOnlyWhereItMay() {
        TokenConstraint five =
                new ScriptedConstraint(
                        VOCABULARY,
                        (so, token) -> so.size() < 5 ? token % 2 == 1 : token == END,
                        so -> so.size() == 5);
        RecordedGeneration generation = start(request(Sampling.greedy(), 20, five));
        assertThat(generation.await(DEADLINE)).isEqualTo(FinishReason.STOP);
        assertThat(generation.tokens()).hasSize(6).endsWith(END);

        TokenConstraint over =
                new ScriptedConstraint(
                        VOCABULARY, (so, token) -> so.size() < 5 && token % 2 == 1, _ -> true);
        RecordedGeneration withoutEndToken = start(request(Sampling.greedy(), 20, over));
        assertThat(withoutEndToken.await(DEADLINE)).isEqualTo(FinishReason.STOP);
        assertThat(withoutEndToken.tokens()).isEqualTo(generation.tokens().subList(0, 5));

        RecordedGeneration cut = start(request(Sampling.greedy(), 3, odd()));
        assertThat(cut.await(DEADLINE)).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void anEmptyMaskEndsItsRowWithAnError() {
        TokenConstraint stuck =
                new ScriptedConstraint(
                        VOCABULARY, (so, token) -> so.size() < 3 && token % 2 == 1, _ -> false);
        RecordedGeneration generation = start(request(Sampling.of(1, 7), 20, stuck));
        failed(
                generation,
                EngineException.Cause.CONSTRAINT_FAILED,
                "allows no token after 3 tokens");
        assertThat(generation.tokens()).hasSize(3);
    }

    @Test
    void aSlowMaskDelaysItsOwnRowAlone() throws IOException, InterruptedException {
        List<Integer> others = await(start(request(Sampling.greedy(), 40, null)));
        List<Integer> expected = await(start(request(Sampling.greedy(), 8, odd())));
        // the mask is there when it is let go on, however long the others take
        try (TestLoop patient =
                TestLoop.open(
                        folder, Precision.BF16, 8, 40, 8 * 96, List.of(), Duration.ofMinutes(10))) {
            Held held = new Held(3);
            RecordedGeneration slow = start(patient, request(Sampling.greedy(), 8, held));
            held.await();
            long before = patient.loop().counters().steps();
            for (int i = 0; i < 2; i++) {
                assertThat(await(start(patient, request(Sampling.greedy(), 40, null))))
                        .isEqualTo(others);
            }
            assertThat(slow.tokens()).hasSize(3);
            long steps = patient.loop().counters().steps() - before;
            assertThat(patient.loop().masks().satOut()).isGreaterThanOrEqualTo(steps - 1);

            held.goOn();
            assertThat(await(slow)).isEqualTo(expected);
        }
    }

    /** Whether guesses are right, wrong, or wrong somewhere: answers are those without. */
    @Test
    void tokensThatAreComputedAheadAreThoseOfStepsOfTheirOwn() {
        for (Sampling sampling : List.of(Sampling.greedy(), Sampling.of(0.9, 4))) {
            RecordedGeneration alone = start(request(sampling, 60, odd()));
            List<Integer> expected = await(alone);
            for (int wrong : new int[] {-1, 0, 1, 5}) {
                long before = loop.loop().counters().steps();
                Guessing guessing = new Guessing(expected, wrong);
                RecordedGeneration guessed = start(request(sampling, 60, guessing));
                assertThat(await(guessed)).as("%s %s", sampling, wrong).isEqualTo(expected);
                assertThat(guessed.events()).isEqualTo(alone.events());
                assertThat(guessing.guesses).isPositive();
                assertThat(loop.loop().counters().steps() - before)
                        .as("%s", wrong)
                        .isLessThanOrEqualTo(60);
            }
        }
    }

    /**
     * Of several answers, since a step or a guess that takes long on a busy machine ends guessing
     * for a while.
     */
    @Test
    void aTextThatCantBeAnotherTakesFewSteps() {
        List<Integer> free = await(start(request(Sampling.greedy(), 64, null)));
        long fewest = 64;
        for (int i = 0; i < 10 && fewest > 40; i++) {
            long before = loop.loop().counters().steps();
            Guessing guessing = new Guessing(free, -1, (_, _) -> true);
            assertThat(await(start(request(Sampling.greedy(), 64, guessing)))).isEqualTo(free);
            fewest = Math.min(fewest, loop.loop().counters().steps() - before);
        }
        assertThat(fewest).isLessThanOrEqualTo(40);
    }

    /** Else rows would be guessed for again and again, whose tokens all wait for masks. */
    @Test
    void aGuessWhoseRowWaitsForAMaskWasWrong() {
        List<Integer> free = await(start(request(Sampling.greedy(), 64, null)));
        int unsaid =
                IntStream.range(0, VOCABULARY)
                        .filter(t -> t != END && !free.contains(t))
                        .findAny()
                        .orElseThrow();
        List<Integer> answer = Collections.nCopies(64, unsaid);
        var counters = loop.loop().counters();
        long before = counters.drafts();
        for (int i = 0; i < 10 && counters.drafts() == before; i++) {
            Guessing guessing = new Guessing(answer, -1, (_, token) -> token == unsaid);
            assertThat(await(start(request(Sampling.greedy(), 64, guessing)))).isEqualTo(answer);
        }
        assertThat(counters.drafts()).isGreaterThan(before);
    }

    @Test
    void rowsThatComputeAheadTakeNoPlaceOfOthers() {
        List<Integer> free = await(start(request(Sampling.greedy(), 40, null)));
        List<RecordedGeneration> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            TokenConstraint guessing = new Guessing(free, i % 4 == 0 ? 2 : -1, (_, _) -> true);
            all.add(start(request(Sampling.greedy(), 40, i % 3 == 0 ? null : guessing)));
        }
        all.forEach(one -> assertThat(await(one)).isEqualTo(free));
    }

    @Test
    void aMaskThatNeverComesIsAnErrorOfItsRow() throws IOException {
        try (TestLoop usual = TestLoop.open(folder, Precision.BF16, 8, 40, 8 * 96, List.of())) {
            RecordedGeneration slow = start(usual, request(Sampling.greedy(), 8, new Held(2)));
            failed(
                    slow,
                    EngineException.Cause.CONSTRAINT_FAILED,
                    "no allowed tokens in time, after 2 tokens");
            // the thread is free again
            assertThat(await(start(usual, request(Sampling.greedy(), 8, odd())))).hasSize(8);
        }
    }

    @Test
    void aRowIsCancelledWhileItsMaskIsMade() throws InterruptedException {
        Held held = new Held(0);
        RecordedGeneration listener = new RecordedGeneration();
        Generation handle = loop.start(request(Sampling.greedy(), 8, held), listener);
        held.await();
        handle.cancel();
        assertThat(listener.await(DEADLINE)).isEqualTo(FinishReason.CANCELLED);
        assertThat(held.interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(await(start(request(Sampling.greedy(), 8, odd())))).hasSize(8);
    }

    @Test
    void closingEndsARowWhoseMaskIsMade() throws InterruptedException {
        Held held = new Held(0);
        RecordedGeneration listener = start(request(Sampling.greedy(), 8, held));
        held.await();
        loop.close();
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> listener.await(DEADLINE))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.CLOSED));
    }

    @Test
    void aRowThatGivesItsBlocksUpWhileItsMaskIsMadeGoesOnAsBefore()
            throws IOException, InterruptedException {
        // Its mask is asked for at the same token, and not held: the choice is made the same way.
        Held free = new Held(30);
        free.goOn();
        List<Integer> expected = await(start(request(Sampling.of(1, 5), 40, free)));
        List<Integer> others = await(start(request(Sampling.greedy(), 80, null)));
        // the mask is there when it is let go on, however long the other takes
        try (TestLoop small =
                TestLoop.open(
                        folder, Precision.BF16, 8, 40, 6 * 16, List.of(), Duration.ofMinutes(10))) {
            RecordedGeneration older = new RecordedGeneration();
            older.hold();
            small.start(request(Sampling.greedy(), 80, null), older);
            older.awaitFirstToken(DEADLINE);
            Held held = new Held(30);
            RecordedGeneration younger = new RecordedGeneration();
            small.start(request(Sampling.of(1, 5), 40, held), younger);
            older.goOn();
            held.await();
            assertThat(await(older)).isEqualTo(others);
            assertThat(small.loop().counters().preemptions()).isPositive();
            held.goOn();
            assertThat(await(younger)).isEqualTo(expected);
        }
    }

    @Test
    void aBrokenConstraintEndsItsRowAlone() {
        GenerationRequest innocent = request(Sampling.of(0.9, 3), 30, odd());
        List<Integer> expected = await(start(fresh(innocent)));
        for (Broken.Where where : Broken.Where.values()) {
            RecordedGeneration broken = start(request(Sampling.greedy(), 20, new Broken(where)));
            RecordedGeneration beside = start(fresh(innocent));
            failed(broken, EngineException.Cause.REQUEST_FAILED, "request r at token");
            assertThat(await(beside)).as("%s", where).isEqualTo(expected);
        }
    }

    /** A test of one token that takes long costs others that one, and no more. */
    @Test
    void aConstraintThatTestsSlowlyIsTestedApart() {
        SlowTest slow = new SlowTest();
        RecordedGeneration generation = start(request(Sampling.greedy(), 6, slow));
        RecordedGeneration beside = start(request(Sampling.greedy(), 60, null));
        assertThat(await(beside)).hasSize(60);
        assertThat(await(generation)).isEqualTo(await(start(request(Sampling.greedy(), 6, odd()))));
        for (List<String> threads : List.of(slow.threads, slow.accepting)) {
            assertThat(threads.stream().filter(name -> name.startsWith("weft-engine")))
                    .as("%s", threads)
                    .hasSizeLessThanOrEqualTo(1);
        }
        assertThat(slow.accepting).hasSize(6);
    }

    private static GenerationRequest request(
            Sampling sampling, int tokens, @Nullable TokenConstraint constraint) {
        return new GenerationRequest(
                "r",
                null,
                PROMPT,
                new GenerationRequest.Ending(
                        tokens, 0, constraint == null ? List.of() : List.of(END)),
                new GenerationRequest.Selection(sampling, -1, constraint),
                Owner.NOBODY);
    }

    /** The same request with a constraint of its own. */
    private static GenerationRequest fresh(GenerationRequest request) {
        return request(
                request.sampling(),
                request.ending().maxTokens(),
                request.constraint() == null ? null : odd());
    }

    private static TokenConstraint odd() {
        return ScriptedConstraint.only(VOCABULARY, token -> token % 2 == 1);
    }

    private RecordedGeneration start(GenerationRequest request) {
        return start(loop, request);
    }

    private static RecordedGeneration start(TestLoop loop, GenerationRequest request) {
        RecordedGeneration generation = new RecordedGeneration();
        loop.start(request, generation);
        return generation;
    }

    private static List<Integer> await(RecordedGeneration generation) {
        generation.await(DEADLINE);
        return generation.tokens();
    }

    private static void failed(
            RecordedGeneration generation, EngineException.Cause cause, String words) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> generation.await(DEADLINE))
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(cause));
    }

    /** Odd tokens; needs a mask after so many, which is held until it is let go on. */
    private static final class Held extends ScriptedConstraint {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch on = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);
        private final int after;
        private int accepted;
        private boolean made;

        Held(int after) {
            super(VOCABULARY, (_, token) -> token % 2 == 1, _ -> false);
            this.after = after;
        }

        @Override
        public boolean allows(int token) {
            return (accepted != after || made) && super.allows(token);
        }

        @Override
        public void accept(int token) {
            super.accept(token);
            accepted++;
        }

        @Override
        public void mask(long[] bits, long deadline) {
            if (accepted == after) {
                begun.countDown();
                try {
                    assertThat(on.await(100, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw new IllegalStateException(e);
                }
            }
            super.mask(bits, deadline);
            made = accepted == after;
        }

        void await() throws InterruptedException {
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        }

        void goOn() {
            on.countDown();
        }
    }

    /** Guesses an answer, with a wrong token in each guess or in none. */
    private static final class Guessing extends ScriptedConstraint {
        private final List<Integer> answer;
        private final int wrong;
        private int accepted;
        private int guesses;

        Guessing(List<Integer> answer, int wrong) {
            this(answer, wrong, (_, token) -> token % 2 == 1);
        }

        Guessing(List<Integer> answer, int wrong, BiPredicate<List<Integer>, Integer> rule) {
            super(VOCABULARY, rule, _ -> false);
            this.answer = answer;
            this.wrong = wrong;
        }

        @Override
        public int[] expected(int most) {
            guesses++;
            int[] tokens =
                    answer.stream().skip(accepted).limit(most).mapToInt(token -> token).toArray();
            if (wrong >= 0 && wrong < tokens.length) {
                tokens[wrong] = (tokens[wrong] + 2) % VOCABULARY;
            }
            return tokens;
        }

        @Override
        public void accept(int token) {
            super.accept(token);
            accepted++;
        }
    }

    /** Fails in one of its methods after two tokens. */
    private static final class Broken extends ScriptedConstraint {
        enum Where {
            ALLOWS,
            MASK,
            ACCEPT
        }

        private final Where where;
        private int accepted;
        private boolean made;

        Broken(Where where) {
            super(VOCABULARY, (_, token) -> token % 2 == 1, _ -> false);
            this.where = where;
        }

        private void breaks(Where here) {
            if (where == here && accepted == 2) {
                throw new StackOverflowError();
            }
        }

        @Override
        public boolean allows(int token) {
            breaks(Where.ALLOWS);
            return (accepted != 2 || made) && super.allows(token);
        }

        @Override
        public void mask(long[] bits, long deadline) {
            breaks(Where.MASK);
            super.mask(bits, deadline);
            made = accepted == 2;
        }

        @Override
        public void accept(int token) {
            breaks(Where.ACCEPT);
            super.accept(token);
            accepted++;
        }
    }

    /** Takes 5 ms for each test of a token. */
    private static final class SlowTest extends ScriptedConstraint {
        final List<String> threads = Collections.synchronizedList(new ArrayList<>());
        final List<String> accepting = Collections.synchronizedList(new ArrayList<>());

        SlowTest() {
            super(VOCABULARY, (_, token) -> token % 2 == 1, _ -> false);
        }

        @Override
        public void accept(int token) {
            accepting.add(Thread.currentThread().getName());
            super.accept(token);
        }

        @Override
        public boolean allows(int token) {
            threads.add(Thread.currentThread().getName());
            long until = System.nanoTime() + 5_000_000;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            return super.allows(token);
        }
    }
}
