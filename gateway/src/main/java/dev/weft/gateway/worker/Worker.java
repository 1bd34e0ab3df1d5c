package dev.weft.gateway.worker;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker: what its probes found and what this gateway has given it. One thread probes, any
 * thread reads, counts and reports refused connections.
 */
final class Worker {
    private record Standing(WorkerState state, Map<String, String> bases) {
        boolean ready() {
            return state == WorkerState.READY;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** A worker that computes on all cores may answer late: slow is not dead before the third. */
    private static final int SILENCES_TO_BE_DEAD = 3;

    private final URI address;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile Standing standing = new Standing(WorkerState.UNREADY, Map.of());

    // Of the probing thread only.
    private int silences;
    private String lastTold = "";

    Worker(URI address) {
        this.address = address;
    }

    URI address() {
        return address;
    }

    WorkerState state() {
        return standing.state;
    }

    WorkerSnapshot snapshot() {
        Standing now = standing;
        return new WorkerSnapshot(address, now.ready(), now.bases, inFlight.get());
    }

    /** Counts a request that the worker is given. */
    void begin() {
        inFlight.incrementAndGet();
    }

    /** Counts a request that it is rid of. */
    void end() {
        inFlight.decrementAndGet();
    }

    /** No connection could be made: not ready until a probe says otherwise, which comes at once. */
    void refused() {
        standing = new Standing(WorkerState.UNREADY, standing.bases);
        wakeUps.release();
    }

    /** Takes what a probe found. */
    void found(ProbeResult result) {
        switch (result) {
            case ProbeResult.Ready(Map<String, String> bases) -> {
                silences = 0;
                standing = new Standing(WorkerState.READY, bases);
                tell("ready, serves " + bases.keySet(), true);
            }
            case ProbeResult.Refusing(String why) -> {
                silences = 0;
                WorkerState before = standing.state;
                standing =
                        new Standing(
                                before == WorkerState.UNREADY
                                        ? WorkerState.UNREADY
                                        : WorkerState.DRAINING,
                                Map.of());
                tell("not ready: " + why, false);
            }
            case ProbeResult.NotReady(String why) -> {
                silences = 0;
                standing = new Standing(WorkerState.UNREADY, Map.of());
                tell("not ready: " + why, false);
            }
            case ProbeResult.Silent(String why) -> {
                if (++silences >= SILENCES_TO_BE_DEAD) {
                    standing = new Standing(WorkerState.UNREADY, Map.of());
                    tell("not ready: " + why, false);
                }
            }
        }
    }

    /**
     * Waits until the next probe is due: after {@code pause}, or at once where one is asked for.
     */
    void awaitNextProbe(Duration pause) throws InterruptedException {
        if (wakeUps.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            wakeUps.drainPermits();
        }
    }

    private void tell(String text, boolean good) {
        if (text.equals(lastTold)) {
            return;
        }
        lastTold = text;
        if (good) {
            LOG.info("worker {} is {}", address, text);
        } else {
            LOG.warn("worker {} is {}", address, text);
        }
    }
}
