package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.RequestOutcome;
import dev.weft.gateway.queue.RequestQueues;
import dev.weft.gateway.rollout.ComparedCopies;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.shadow.CopyOutcome;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The copies under way. Each has a virtual thread, and a place at a worker like a client's request,
 * so that clients' requests go to other workers if these have room. A copy is broken off as soon as
 * a client's request waits for its base, or for a row of its worker. Any thread; only copies' own
 * threads wait.
 */
public final class Copies implements AutoCloseable {
    /** Workers tell at most ten times a second what they do. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final Duration IDLE = Duration.ofMinutes(1);

    private final Set<Copy> underWay = ConcurrentHashMap.newKeySet();
    private final CopyRun run;
    private final WorkerPool workers;
    private final RequestQueues queues;
    private final ComparedCopies compared;
    private final CopyMetrics metrics;
    private final Loop loop;
    private volatile boolean closed;

    Copies(
            CopyRun run,
            WorkerPool workers,
            RequestQueues queues,
            ComparedCopies compared,
            CopyMetrics metrics,
            Loops loops) {
        this.run = run;
        this.workers = workers;
        this.queues = queues;
        this.compared = compared;
        this.metrics = metrics;
        this.loop = loops.loop("shadow-copies", this::look);
    }

    void start() {
        loop.start();
    }

    /**
     * Begins a copy of a request whose client has its answer, if there is a place for it.
     *
     * @param done runs when the request isn't needed any more
     */
    void begin(Sampled request, Answered served, Runnable done) {
        RunningShadow shadow = request.shadow();
        boolean comparable = served.outcome() == RequestOutcome.OK || served.outcome().failed();
        if (closed || !comparable || !served.isOfVersion()) {
            count(shadow, CopyOutcome.leftOut, 0);
            done.run();
        } else if (!shadow.enter()) {
            count(shadow, CopyOutcome.busy, 0);
            done.run();
        } else {
            Answered timed = request.timed(served);
            Thread.ofVirtual().name("shadow-copy").start(() -> copy(request, timed, done));
        }
    }

    private void copy(Sampled request, Answered served, Runnable done) {
        RunningShadow shadow = request.shadow();
        try {
            CopyRun.Result result = run.run(request, served, this::sent, underWay::remove);
            if (result.answer() != null) {
                compared.compared(shadow.id(), served, result.answer(), result.likeness());
            }
            count(shadow, result.outcome(), result.tokens());
        } finally {
            shadow.leave();
            done.run();
        }
    }

    private void sent(Copy copy) {
        boolean _ = underWay.add(copy);
        if (closed) {
            copy.stop(CopyOutcome.yielded);
        }
        loop.wake();
    }

    void count(RunningShadow shadow, CopyOutcome outcome, long tokens) {
        compared.count(shadow.id(), outcome, tokens);
        metrics.counted(outcome, tokens);
    }

    /** Breaks off the copies of a base: a client's request has to wait for a worker. */
    public void makeRoom(String base) {
        yielding(copy -> copy.base().equals(base));
    }

    /** Breaks off the copies at a worker that gets a client's request and is short of rows. */
    public void makeRoomAt(URI worker) {
        Predicate<Copy> there = copy -> copy.worker().equals(worker);
        if (underWay.stream().anyMatch(there) && isShort(worker, workers.snapshot())) {
            yielding(there);
        }
    }

    private void yielding(Predicate<Copy> which) {
        underWay.stream().filter(which).forEach(copy -> copy.stop(CopyOutcome.yielded));
    }

    private static boolean isShort(URI worker, List<WorkerSnapshot> workers) {
        return workers.stream()
                .filter(each -> each.address().equals(worker))
                .findFirst()
                .map(each -> !each.ready() || Spare.isShort(each))
                .orElse(true);
    }

    private Duration look() {
        if (underWay.isEmpty()) {
            return IDLE;
        }
        List<WorkerSnapshot> now = workers.snapshot();
        for (Copy copy : underWay) {
            if (copy.deadline() - System.nanoTime() <= 0) {
                copy.stop(CopyOutcome.cut);
            } else if (!queues.of(copy.base()).isEmpty()
                    || copy.lease().lost().isDone()
                    || isShort(copy.worker(), now)) {
                copy.stop(CopyOutcome.yielded);
            }
        }
        return LOOK;
    }

    /** Breaks all copies off. What they used is counted when their threads end, at once. */
    @Override
    public void close() {
        closed = true;
        yielding(_ -> true);
        loop.close();
        run.close();
    }
}
