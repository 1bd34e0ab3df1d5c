package dev.weft.gateway.worker;

import dev.weft.protocol.loop.Turn;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes one worker again and again. Its list of models can be long, so it is asked for only now
 * and then, and nothing waits for it while the worker is known to serve. Only the probing thread
 * uses it.
 */
final class Probing implements Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Probing.class);
    private static final int PROBES_BETWEEN_LISTS = 20;

    /** A gateway that did not run itself asks again before it calls a worker silent. */
    private static final int MOST_MISSED = 2;

    private final PooledWorker worker;
    private final WorkerProbe probe;
    private final ProbeTimes times;
    private @Nullable CompletableFuture<Map<String, String>> list;
    private int sinceList;
    private int missed;

    Probing(PooledWorker worker, WorkerProbe probe, ProbeTimes times) {
        this.worker = worker;
        this.probe = probe;
        this.times = times;
    }

    @Override
    public Duration take() throws InterruptedException {
        boolean wasReady = worker.isProbedReady();
        ProbeResult result = probe.probe(worker.address(), worker.served());
        if (result instanceof ProbeResult.Missed && ++missed <= MOST_MISSED) {
            return Duration.ZERO;
        }
        missed = 0;
        worker.found(
                result instanceof ProbeResult.Missed
                        ? new ProbeResult.Silent("no probe could be answered in time")
                        : result);
        boolean ready = worker.isProbedReady();
        if (ready && wasReady) {
            takeList();
        } else {
            sinceList = 0;
        }
        return ready ? times.pause() : times.pauseWhileNot();
    }

    private void takeList() {
        CompletableFuture<Map<String, String>> asked = list;
        if (asked != null && asked.isDone()) {
            list = null;
            if (asked.isCompletedExceptionally()) {
                LOG.warn(
                        "worker {} does not say what it serves: {}",
                        worker.address(),
                        asked.exceptionNow().toString());
            } else {
                worker.serves(asked.join());
            }
        }
        if (list == null && ++sinceList >= PROBES_BETWEEN_LISTS) {
            sinceList = 0;
            list = probe.list(worker.address());
        }
    }
}
