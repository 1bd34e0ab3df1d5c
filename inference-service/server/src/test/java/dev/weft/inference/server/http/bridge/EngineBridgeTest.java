package dev.weft.inference.server.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.Sampling;
import dev.weft.inference.engine.constraint.TokenConstraint;
import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.answer.Usage;
import dev.weft.inference.server.completion.AnswerConstraints;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.CompletionWatch;
import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.completion.ReplyReading;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.inference.server.completion.Stops;
import dev.weft.inference.server.completion.WaitingRequests;
import dev.weft.inference.server.http.format.AnswerEvent;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.inference.server.text.TestTokenizers;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

class EngineBridgeTest {
    private static final List<Integer> HELLO = List.of(259, 264, TestTokenizers.IM_END);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final ScriptedEngine engine = new ScriptedEngine(TestTokenizers.IM_END + 1, _ -> HELLO);
    private final AtomicBoolean released = new AtomicBoolean();
    private final RequestCounts counts = new RequestCounts();
    private final WaitingRequests waiting = counts.waiting();
    private final ProcessMemory memory = new ProcessMemory(1_000_000);

    @TempDir private Path folder;
    private Tokenizer tokenizer;

    @BeforeEach
    void open() throws Exception {
        tokenizer = Tokenizer.open(TestTokenizers.byteLevel(folder));
    }

    @AfterEach
    void close() {
        engine.close();
        tokenizer.close();
    }

    @Test
    void givesTheLeaseBackWhenTheEngineHasEnded() {
        AdapterDigest adapter = new AdapterDigest("0".repeat(64));
        try (EngineBridge bridge = bridge(Duration.ofMinutes(1))) {
            engine.load(adapter, weights(adapter));

            AnswerEvent last = generate(bridge, request(adapter)).blockLast(LIMIT);

            assertThat(last).isEqualTo(new AnswerEvent.Done(new Usage(1, 0, 3, 0)));
            // the last event reaches the client a moment before the lease is closed
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!released.get()) {
                assertThat(System.nanoTime()).as("not released").isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void reportsAnEngineThatMakesNoStep() throws Exception {
        engine.hold();
        try (EngineBridge bridge = bridge(Duration.ofMillis(10))) {
            assertThatThrownBy(() -> generate(bridge, request(null)).blockLast(LIMIT))
                    .isInstanceOf(ApiException.class)
                    .extracting(e -> ((ApiException) e).code())
                    .isEqualTo(ErrorCode.TIMEOUT);
            eventually(() -> engine.rows() == 0);
        }
    }

    @Test
    void answersWhereAnErrorEndsTheWork() throws Exception {
        assertThatThrownBy(() ->
                        Blocking.run(
                                        () -> {
                                            throw new StackOverflowError();
                                        })
                                .block(LIMIT))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("it nests too deeply")
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(ErrorCode.REQUEST_FAILED);
        EngineBridge noLeases =
                new EngineBridge(
                        engine,
                        (_, _) -> {
                            throw new NoClassDefFoundError("nobody thought of it");
                        },
                        tokenizer,
                        Duration.ofMinutes(1),
                        counts,
                        RequestTimes.IGNORED);
        try (noLeases) {
            AdapterDigest adapter = new AdapterDigest("0".repeat(64));
            assertThatThrownBy(() -> generate(noLeases, request(adapter)).blockLast(LIMIT))
                    .hasMessageContaining("nobody thought of it");
            eventually(() -> noLeases.requests() == 0);
        }
    }

    @Test
    void refusesARequestForWhoseGrammarThereIsNoMemory() throws Exception {
        AtomicInteger holds = new AtomicInteger();
        AtomicInteger releases = new AtomicInteger();
        AnswerConstraints grammar =
                new AnswerConstraints() {
                    @Override
                    public TokenConstraint of(int maxTokens) {
                        throw new AssertionError("no answer begins");
                    }

                    @Override
                    public boolean hold() {
                        holds.incrementAndGet();
                        return false;
                    }

                    @Override
                    public void release() {
                        releases.incrementAndGet();
                    }
                };
        CompletionRequest free = request(null);
        CompletionRequest held =
                new CompletionRequest(
                        free.id(),
                        free.adapter(),
                        free.owner(),
                        free.choices(),
                        free.settings().with(grammar),
                        free.timing());
        try (EngineBridge bridge = bridge(LIMIT)) {
            assertThatThrownBy(() -> generate(bridge, held).blockLast(LIMIT))
                    .isInstanceOf(ApiException.class)
                    .extracting(e -> ((ApiException) e).code())
                    .isEqualTo(ErrorCode.OVERLOADED);
            assertThat(holds).hasValue(1);
            assertThat(releases.get()).isPositive();
        }
    }

    @Test
    void refusesARequestForWhoseAnswerThereIsNoMemory() throws Exception {
        ProcessMemory little = new ProcessMemory(100);
        try (EngineBridge bridge = bridge(LIMIT);
                ProcessMemory.Claim claim = little.claim("test")) {
            assertThatThrownBy(() ->
                            bridge.generate(request(null), CompletionWatch.NONE, claim, false)
                                    .blockLast(LIMIT))
                    .isInstanceOf(ApiException.class)
                    .extracting(e -> ((ApiException) e).code())
                    .isEqualTo(ErrorCode.OVERLOADED);
            eventually(() -> engine.rows() == 0);
        }
        assertThat(little.takenBytes()).isZero();
    }

    @Test
    void anAnswerThatIsKeptKeepsItsMemoryAfterTheRun() {
        try (EngineBridge bridge = bridge(LIMIT);
                ProcessMemory.Claim streamed = memory.claim("test");
                ProcessMemory.Claim kept = memory.claim("test")) {
            bridge.generate(request(null), CompletionWatch.NONE, streamed, false).blockLast(LIMIT);
            long prompt = memory.takenBytes();

            bridge.generate(request(null), CompletionWatch.NONE, kept, true).blockLast(LIMIT);

            assertThat(memory.takenBytes()).isGreaterThan(2 * prompt);
        }
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void cancelsWhatWaitsForItsAdapterWhereTheSubscriberLeaves() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AdapterDigest adapter = new AdapterDigest("0".repeat(64));
        EngineBridge bridge =
                new EngineBridge(
                        engine,
                        (_, _) -> {
                            asked.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                                throw e;
                            }
                            return () -> {};
                        },
                        tokenizer,
                        Duration.ofMinutes(1),
                        counts,
                        RequestTimes.IGNORED);
        try (bridge) {
            var subscription = generate(bridge, request(adapter)).subscribe();
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(waiting.outsideTheEngine()).isEqualTo(1);
            assertThat(waiting.adapters()).containsExactly(adapter);
            assertThat(waiting.tenants()).isEqualTo(1);
            assertThat(waiting.longestSeconds(System.nanoTime())).isPositive();

            subscription.dispose();

            assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(engine.requests).isEmpty();
            eventually(() -> waiting.outsideTheEngine() == 0);
            assertThat(waiting.adapters()).isEmpty();
            assertThat(waiting.tenants()).isZero();
            assertThat(waiting.longestSeconds(System.nanoTime())).isZero();
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // it has no tensors
    private static LoraAdapter weights(AdapterDigest digest) {
        LoraFacts facts = new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 0);
        return new LoraAdapter(digest, facts, List.of(), Arena.ofAuto());
    }

    private Flux<AnswerEvent> generate(EngineBridge bridge, CompletionRequest request) {
        return Flux.using(
                () -> memory.claim("test"),
                claim -> bridge.generate(request, CompletionWatch.NONE, claim, false),
                ProcessMemory.Claim::close);
    }

    private EngineBridge bridge(Duration silence) {
        return new EngineBridge(
                engine,
                (_, _) -> () -> released.set(true),
                tokenizer,
                silence,
                counts,
                RequestTimes.IGNORED);
    }

    private static CompletionRequest request(@Nullable AdapterDigest adapter) {
        return new CompletionRequest(
                "test",
                adapter,
                Owner.NOBODY,
                new CompletionRequest.Choices(
                        List.of(new CompletionRequest.Prompt(List.of(97), 10)), 1),
                new GenerationSettings(
                        Sampling.greedy(),
                        false,
                        0,
                        new Stops(Set.of(), Set.of(TestTokenizers.IM_END), false, List.of()),
                        ReplyReading.text(true),
                        -1),
                new CompletionRequest.Timing(System.nanoTime(), Deadline.after(LIMIT)));
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for a condition").isBefore(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
