package dev.weft.gateway.worker;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers this gateway was given. Each is probed on a virtual thread of its own, every 2 s
 * while it is ready and every half second while it is not. Any thread may ask and lease.
 */
public final class WorkerPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration PAUSE_WHILE_READY = Duration.ofSeconds(2);
    private static final Duration PAUSE_WHILE_NOT = Duration.ofMillis(500);

    /** Every so many probes the list of models is read again: it can be long. */
    private static final int PROBES_BETWEEN_LISTS = 10;

    private final Map<URI, Worker> workers = new LinkedHashMap<>();
    private final WorkerProbe probe;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /**
     * @param addresses where the workers listen, without a path
     */
    public WorkerPool(List<URI> addresses) {
        this(addresses, DEADLINE);
    }

    WorkerPool(List<URI> addresses, Duration deadline) {
        addresses.forEach(address -> workers.put(address, new Worker(address)));
        probe = new WorkerProbe(deadline);
    }

    /** Starts to probe. */
    public synchronized void start() {
        for (Worker worker : workers.values()) {
            threads.add(
                    Thread.ofVirtual()
                            .name("worker-probe " + worker.address())
                            .start(() -> keepProbing(worker)));
        }
    }

    /** All workers, as they are known now. */
    public List<WorkerSnapshot> snapshot() {
        return workers.values().stream().map(Worker::snapshot).toList();
    }

    /** How many are in that state now. */
    long count(WorkerState state) {
        return workers.values().stream().filter(worker -> worker.state() == state).count();
    }

    /** Counts a request at a worker until the lease is closed. */
    public Lease lease(URI address) {
        Worker worker = workers.get(address);
        if (worker == null) {
            throw new IllegalArgumentException("no worker " + address);
        }
        return new Lease(worker);
    }

    /** Stops probing. */
    @Override
    public synchronized void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        probe.close();
    }

    private void keepProbing(Worker worker) {
        try {
            for (int count = 0; !closed; count++) {
                WorkerSnapshot before = worker.snapshot();
                boolean listAgain = !before.ready() || count % PROBES_BETWEEN_LISTS == 0;
                worker.found(probe.probe(worker.address(), listAgain ? Map.of() : before.bases()));
                worker.awaitNextProbe(
                        worker.snapshot().ready() ? PAUSE_WHILE_READY : PAUSE_WHILE_NOT);
            }
        } catch (InterruptedException e) {
            if (!closed) {
                LOG.error("probing worker {} was interrupted", worker.address(), e);
            }
        }
    }

    /** A request's place at a worker. Closing it twice counts once. */
    public static final class Lease implements AutoCloseable {
        private final Worker worker;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Lease(Worker worker) {
            this.worker = worker;
            worker.begin();
        }

        /** No connection could be made to the worker. */
        public void refused() {
            worker.refused();
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                worker.end();
            }
        }
    }
}
