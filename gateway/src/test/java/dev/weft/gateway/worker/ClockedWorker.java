package dev.weft.gateway.worker;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A worker whose probes the test makes, at times that it says. */
public final class ClockedWorker {
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final AtomicLong nanos = new AtomicLong();
    private final PooledWorker worker =
            new PooledWorker(URI.create("http://127.0.0.1:1"), SILENCE, nanos::get);

    /** Found ready by a first probe. */
    public ClockedWorker() {
        answers();
    }

    /** A probe finds it ready. */
    public void answers() {
        worker.found(new ProbeResult.Ready(Map.of()));
    }

    /** A request's place. */
    public Lease lease() {
        return new Lease(worker, null, () -> {});
    }

    /** Lets more time pass than a worker may be silent for. */
    public void muchLater() {
        nanos.addAndGet(2 * SILENCE.toNanos());
    }

    /** Whether it counts as at work after a probe without an answer. */
    public boolean isAtWorkThoughItsProbeIsSilent() {
        worker.found(new ProbeResult.Silent("no answer"));
        return worker.isProbedReady();
    }
}
