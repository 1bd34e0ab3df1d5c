package dev.weft.inference.server.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.GenerationRequest;
import dev.weft.inference.engine.Owner;
import dev.weft.inference.engine.PooledOutput;
import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What requests for vectors hand to the engine. */
class PooledSharesTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int INPUTS = 40;

    /** Requests that the engine still refuses, as it does if its queue is full. */
    private final AtomicInteger refused = new AtomicInteger();

    private final ScriptedEngine engine = new ScriptedEngine(256, this::script);
    private final int rows = engine.description().maxRows();
    private final PooledShares shares = new PooledShares(rows);

    private List<Integer> script(GenerationRequest request) {
        if (!engine.requests.isEmpty() && refused.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            engine.requests.removeLast();
            throw new EngineException(EngineException.Cause.OVERLOADED, "256 requests wait");
        }
        return List.of();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void theyShareTheRows() throws Exception {
        engine.hold();
        Answer one = start("one");
        eventually(() -> engine.rows() == rows);
        Answer other = start("other");
        eventually(() -> engine.rows() == rows + rows / 2);

        engine.stepOnce();
        eventually(() -> engine.requests.size() == rows + rows / 2 + rows);
        assertThat(engine.rows()).isEqualTo(rows);

        engine.release();
        assertThat(one.vectors()).isEqualTo(INPUTS);
        assertThat(other.vectors()).isEqualTo(INPUTS);
        assertThat(engine.requests).hasSize(2 * INPUTS);
    }

    @Test
    void oneKeepsItsShareUntilItsLastInputHasEnded() throws Exception {
        engine.hold();
        Answer one = start("one", rows);
        eventually(() -> engine.rows() == rows);
        Answer other = start("other");
        eventually(() -> other.queued.get() == rows / 2);
        assertThat(engine.rows()).isEqualTo(rows + rows / 2);

        engine.stepOnce();
        eventually(() -> engine.rows() == rows);
        engine.release();
        assertThat(one.vectors()).isEqualTo(rows);
        assertThat(other.vectors()).isEqualTo(INPUTS);
    }

    @Test
    void eachOfManyHasOneThere() throws Exception {
        engine.hold();
        List<Answer> many = Collections.nCopies(2 * rows, "x").stream().map(this::start).toList();
        eventually(() -> many.stream().noneMatch(it -> it.queued.get() == 0));

        engine.stepOnce();
        eventually(() -> engine.rows() == many.size());
        engine.release();
        for (Answer answer : many) {
            assertThat(answer.vectors()).isEqualTo(INPUTS);
        }
    }

    @Test
    void oneThatHasBegunWaitsForAFullEngine() throws Exception {
        engine.hold();
        Answer answer = start("one");
        eventually(() -> engine.rows() == rows);
        refused.set(3);
        engine.release();

        assertThat(answer.vectors()).isEqualTo(INPUTS);
        assertThat(refused).hasValue(0);
        assertThat(answer.queued).hasValue(INPUTS);
    }

    @Test
    void oneThatHasNotBegunIsRefused() throws Exception {
        engine.hold();
        Answer first = start("one");
        eventually(() -> engine.rows() == rows);
        refused.set(1);

        Answer answer = start("other");
        assertThat(answer.events.poll(60, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        engine.release();
        assertThat(first.vectors()).isEqualTo(INPUTS);
    }

    private Answer start(String id) {
        return start(id, INPUTS);
    }

    private Answer start(String id, int inputs) {
        CompletionRequest request =
                CompletionRequest.pooled(
                        id,
                        null,
                        Owner.NOBODY,
                        Collections.nCopies(inputs, List.of(1, 2)),
                        PooledOutput.MEAN,
                        new CompletionRequest.Timing(System.nanoTime(), Deadline.after(LIMIT)));
        Answer answer = new Answer(inputs);
        new RunningCompletion(
                        engine,
                        shares,
                        (_, _) -> {
                            throw new AssertionError("it is for the base");
                        },
                        request,
                        answer,
                        CompletionWatch.NONE)
                .start();
        return answer;
    }

    private static final class Answer implements CompletionListener {
        private final int inputs;
        final AtomicInteger queued = new AtomicInteger();
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

        Answer(int inputs) {
            this.inputs = inputs;
        }

        /** The vectors of an answer, when it has ended. */
        int vectors() throws InterruptedException {
            int vectors = 0;
            for (int ended = 0; ended < inputs; ) {
                Object event = events.poll(60, TimeUnit.SECONDS);
                assertThat(event).isInstanceOf(CompletionEvent.class);
                vectors += event instanceof CompletionEvent.Pooled ? 1 : 0;
                ended += event instanceof CompletionEvent.Ended ? 1 : 0;
            }
            return vectors;
        }

        @Override
        public void onQueued(int choice) {
            queued.incrementAndGet();
        }

        @Override
        public void onRow(int choice) {}

        @Override
        public void onEvent(CompletionEvent event) {
            events.add(event);
        }

        @Override
        public void onError(RuntimeException error) {
            events.add(error);
        }
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting for a condition").isLessThan(deadline);
            Thread.sleep(1);
        }
    }
}
