package dev.weft.inference.server.http.bridge;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.EngineDescription;
import dev.weft.inference.server.answer.Answer;
import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.completion.CompletionEvent;
import dev.weft.inference.server.completion.CompletionListener;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.CompletionWatch;
import dev.weft.inference.server.completion.PooledShares;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.inference.server.completion.RequestWatch;
import dev.weft.inference.server.completion.RunningCompletion;
import dev.weft.inference.server.http.format.AnswerEvent;
import dev.weft.inference.server.residency.AdapterLeases;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.error.Faults;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Connects the imperative core with Reactor. The engine's callbacks only enqueue; a scheduler of
 * the bridge's own turns their events into text. The events that wait for a slow client are bounded
 * by what the request may produce, and by the memory that all requests share. A subscriber that
 * cancels cancels the generations.
 */
public final class EngineBridge implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int PREFETCH = 64;

    private final Engine engine;
    private final AdapterLeases leases;
    private final Tokenizer tokenizer;
    private final Duration silence;
    private final RequestCounts counts;
    private final RequestTimes times;
    private final PooledShares shares;
    private final Scheduler scheduler;
    private final AtomicInteger requests = new AtomicInteger();

    /**
     * A bridge to one engine.
     *
     * @param silence longest time without a step while the engine has a request; after that it has
     *     stalled
     * @param counts of requests that wait or run
     * @param times told when the events of requests come
     */
    public EngineBridge(
            Engine engine,
            AdapterLeases leases,
            Tokenizer tokenizer,
            Duration silence,
            RequestCounts counts,
            RequestTimes times) {
        this.engine = engine;
        this.leases = leases;
        this.tokenizer = tokenizer;
        this.silence = silence;
        this.counts = counts;
        this.times = times;
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        this.shares = new PooledShares(engine.description().maxRows());
        this.scheduler = Schedulers.newParallel("answers", threads, true);
    }

    /** What the engine is. */
    public EngineDescription engine() {
        return engine.description();
    }

    /**
     * Generates when subscribed to, and tells {@code watch}; each subscription is a run of its own.
     *
     * @param memory from which the run takes; the subscriber closes it, not before the run's end
     * @param whole whether the subscriber keeps all events until the answer's end
     */
    public Flux<AnswerEvent> generate(
            CompletionRequest request,
            CompletionWatch watch,
            ProcessMemory.Claim memory,
            boolean whole) {
        return run(
                request,
                watch,
                () -> new RunMemory(memory, request, whole),
                (running, timing) ->
                        new AnswerReading(
                                new Answer(request, tokenizer, running::cancel), request, timing));
    }

    /**
     * Makes a vector of each prompt when subscribed to.
     *
     * @param memory from which the run takes; the subscriber closes it, not before the run's end
     */
    public Mono<PooledAnswer> pool(
            CompletionRequest request, CompletionWatch watch, ProcessMemory.Claim memory) {
        return run(
                        request,
                        watch,
                        () -> new RunMemory(memory, request, true),
                        (_, timing) -> new PooledReading(request, timing))
                .single();
    }

    /** Makes the reader of a run's events. */
    private interface ReadingMaker<T> {
        EventReading<T> of(RunningCompletion running, RequestWatch timing);
    }

    private <T> Flux<T> run(
            CompletionRequest request,
            CompletionWatch watch,
            Supplier<RunMemory> memory,
            ReadingMaker<T> readings) {
        return Flux.defer(() -> {
            Run<T> run = new Run<>(request, watch, memory.get(), readings);
            return Flux.create(run::begin, FluxSink.OverflowStrategy.BUFFER)
                    .publishOn(scheduler, PREFETCH)
                    .concatMapIterable(run::accept)
                    .takeUntil(run.reading::isLast);
        });
    }

    /** Requests that have not ended. */
    public int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        scheduler.dispose();
    }

    /** One subscription. */
    private final class Run<T> implements CompletionListener {
        private final RunningCompletion running;
        private final EventReading<T> reading;
        private final RequestWatch timing;
        private final RunMemory held;
        private @Nullable FluxSink<CompletionEvent> sink;
        private volatile boolean started;
        private volatile long lastEvent = System.nanoTime();
        private long steps = -1;

        Run(
                CompletionRequest request,
                CompletionWatch watch,
                RunMemory held,
                ReadingMaker<T> readings) {
            this.held = held;
            this.running = new RunningCompletion(engine, shares, leases, request, this, watch);
            this.timing = new RequestWatch(request, counts, watch.times(times));
            this.reading = readings.of(running, timing);
        }

        void begin(FluxSink<CompletionEvent> target) {
            sink = target;
            if (!held.begin()) {
                held.close();
                target.error(RunMemory.exhausted());
                return;
            }
            requests.incrementAndGet();
            Disposable look =
                    scheduler.schedulePeriodically(
                            this::look,
                            LOOK_EVERY.toMillis(),
                            LOOK_EVERY.toMillis(),
                            TimeUnit.MILLISECONDS);
            target.onDispose(() -> {
                look.dispose();
                held.close();
                running.cancel();
                timing.closed();
                requests.decrementAndGet();
            });
            timing.begun();
            running.start();
        }

        /** Handles an event; turns an error into an exception, see {@link Faults#ofRequest}. */
        List<T> accept(CompletionEvent event) {
            held.told(event);
            try {
                return reading.accept(event);
            } catch (Error e) {
                throw Faults.ofRequest(e);
            }
        }

        @Override
        public void onQueued(int choice) {
            lastEvent = System.nanoTime();
            started = true;
            timing.queued();
        }

        @Override
        public void onRow(int choice) {
            timing.row(choice, System.nanoTime());
        }

        @Override
        public void onEvent(CompletionEvent event) {
            long now = System.nanoTime();
            lastEvent = now;
            if (event instanceof CompletionEvent.Produced) {
                timing.token(event.choice(), now);
            } else if (event instanceof CompletionEvent.Ended) {
                timing.ended(event.choice());
            }
            if (held.produced(event)) {
                sink().next(event);
            } else {
                sink().error(RunMemory.exhausted());
            }
        }

        @Override
        public void onError(RuntimeException error) {
            if (!sink().isCancelled()) {
                sink().error(error);
            }
        }

        private FluxSink<CompletionEvent> sink() {
            if (sink == null) {
                throw new IllegalStateException("not begun");
            }
            return sink;
        }

        private void look() {
            long now = engine.steps();
            if (now != steps) {
                steps = now;
                lastEvent = System.nanoTime();
            } else if (started && System.nanoTime() - lastEvent > silence.toNanos()) {
                sink().error(
                                new ApiException(
                                        ErrorCode.TIMEOUT,
                                        "the engine has made no step for "
                                                + silence.toSeconds()
                                                + " s"));
            }
        }
    }
}
