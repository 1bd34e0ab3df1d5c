package dev.weft.gateway.worker;

import dev.weft.access.tls.ServiceTls;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workers that this gateway was given. A loop of its own probes each one, every second while it
 * is ready and every half second while it is not. A worker that answers nothing for 3.5 s is given
 * up, with the requests that it has. Another loop follows what it tells of itself. Any thread may
 * ask and lease.
 */
public final class WorkerPool implements AutoCloseable {
    private record Probed(PooledWorker worker, Loop loop, StateFollower states) {}

    private final Map<URI, Probed> workers = new LinkedHashMap<>();
    private final WorkerProbe probe;
    private final HttpClient states;
    private final @Nullable String token;

    /**
     * Creates a pool that probes nobody yet.
     *
     * @param addresses the workers' addresses, without a path
     * @param token of this gateway, for workers that ask for one; null for none
     * @param tls how they are reached
     */
    public WorkerPool(List<URI> addresses, @Nullable String token, Loops loops, ServiceTls tls) {
        this(addresses, token, loops, tls, ProbeTimes.DEFAULT);
    }

    WorkerPool(
            List<URI> addresses,
            @Nullable String token,
            Loops loops,
            ServiceTls tls,
            ProbeTimes times) {
        this.token = token;
        probe = new WorkerProbe(times.silence(), token, tls.client());
        states = tls.client().connectTimeout(times.silence()).build();
        for (URI address : addresses) {
            PooledWorker worker = new PooledWorker(address, times.silence(), System::nanoTime);
            Loop loop =
                    loops.loop(
                            "worker-probe", address.toString(), new Probing(worker, probe, times));
            workers.put(
                    address,
                    new Probed(
                            worker,
                            loop,
                            new StateFollower(address, token, states, loops, worker::tells)));
        }
    }

    /** The bearer token that workers are sent; null for none. */
    public @Nullable String token() {
        return token;
    }

    /** Starts to probe. */
    public void start() {
        for (Probed probed : workers.values()) {
            probed.loop.start();
            probed.states.start();
        }
    }

    /**
     * All workers in their present state. If requests fail at more than half of them, the workers
     * are not to blame, or nobody would be left: then none is kept from requests.
     */
    public List<WorkerSnapshot> snapshot() {
        List<WorkerSnapshot> all =
                workers.values().stream().map(probed -> probed.worker.snapshot()).toList();
        long failing = all.stream().filter(worker -> worker.share() < 1).count();
        return 2 * failing > all.size() ? all.stream().map(WorkerSnapshot::forgiven).toList() : all;
    }

    /** How many times failures have kept a worker from requests. */
    long ejections(URI address) {
        Probed probed = workers.get(address);
        return probed == null ? 0 : probed.worker.ejections();
    }

    /** Where the workers are. */
    Set<URI> addresses() {
        return Set.copyOf(workers.keySet());
    }

    /** How old the state is that a worker told last; empty if it has told none. */
    Optional<Duration> stateAge(URI address) {
        return Optional.ofNullable(workers.get(address))
                .flatMap(probed -> probed.worker.stateAge());
    }

    /** The number of workers in that state now. */
    long count(ProbedState state) {
        return workers.values().stream().filter(probed -> probed.worker.state() == state).count();
    }

    /**
     * Counts a request at a worker until the lease is closed.
     *
     * @param adapter that the request uses; null for the base
     */
    public Lease lease(URI address, @Nullable AdapterDigest adapter) {
        Probed probed = workers.get(address);
        if (probed == null) {
            throw new IllegalArgumentException("no worker " + address);
        }
        return new Lease(probed.worker, adapter, probed.loop::wake);
    }

    /** Stops probing. */
    @Override
    public void close() {
        for (Probed probed : workers.values()) {
            probed.loop.close();
            probed.states.close();
        }
        probe.close();
        states.shutdownNow();
    }
}
