package dev.weft.gateway.worker;

import dev.weft.access.tls.ServiceTls;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The workers that this gateway knows; the list may change at any time. A loop of its own probes
 * each one, every second while it is ready and every half second while it is not. A worker that
 * answers nothing for 3.5 s is given up, with the requests that it has. Another loop follows the
 * states that it tells. A worker that leaves the list gets no request from then on; it is probed
 * until its requests are answered, and then forgotten. Any thread may ask, lease and change the
 * list.
 */
public final class WorkerPool implements AutoCloseable {
    private record Probed(PooledWorker worker, Loop loop, StateFollower states) {
        void start() {
            loop.start();
            states.start();
        }

        void close() {
            loop.close();
            states.close();
        }
    }

    private static final Duration LOOK = Duration.ofSeconds(1);

    /**
     * All workers, with those that have left and still have requests; changed under the lock of
     * this pool.
     */
    private final Map<URI, Probed> workers = new ConcurrentHashMap<>();

    private final List<WorkerWatcher> watchers = new ArrayList<>();
    private final Loops loops;
    private final ProbeTimes times;
    private final WorkerProbe probe;
    private final HttpClient states;
    private final Loop slow;
    private final @Nullable String token;

    /** Those on the list, in its order. */
    private volatile List<PooledWorker> listed = List.of();

    private boolean started;
    private boolean closed;

    /**
     * Creates a pool that knows nobody yet.
     *
     * @param token of this gateway, for workers that ask for one; null for none
     * @param tls how they are reached
     */
    public WorkerPool(@Nullable String token, Loops loops, ServiceTls tls) {
        this.token = token;
        this.loops = loops;
        this.times = ProbeTimes.DEFAULT;
        probe = new WorkerProbe(times.silence(), token, tls.client());
        states = tls.client().connectTimeout(times.silence()).build();
        slow = loops.loop("slow-workers", this::ejectSlow);
    }

    /** The bearer token that workers are sent; null for none. */
    public @Nullable String token() {
        return token;
    }

    /** Starts to probe. */
    public synchronized void start() {
        started = true;
        workers.values().forEach(Probed::start);
        slow.start();
    }

    private Duration ejectSlow() {
        SlowWorkers.eject(listed);
        return LOOK;
    }

    /** Takes a new list of workers, each once. Those that aren't in it leave. */
    public synchronized void take(Collection<ListedWorker> list) {
        if (closed) {
            return;
        }
        List<PooledWorker> now = new ArrayList<>(list.size());
        for (ListedWorker entry : list) {
            PooledWorker worker = known(entry.address());
            worker.list(entry.draining() ? ListingState.DRAINING : ListingState.LISTED);
            now.add(worker);
        }
        listed = List.copyOf(now);
        Set<PooledWorker> stay = Set.copyOf(now);
        for (Probed probed : List.copyOf(workers.values())) {
            if (!stay.contains(probed.worker)) {
                probed.worker.leave(() -> drop(probed.worker));
            }
        }
    }

    private PooledWorker known(URI address) {
        Probed known = workers.get(address);
        if (known == null) {
            known = join(address);
            watchers.forEach(watcher -> watcher.joined(address));
        }
        return known.worker;
    }

    private Probed join(URI address) {
        PooledWorker worker = new PooledWorker(address, times.silence(), System::nanoTime);
        Loop loop =
                loops.loop("worker-probe", address.toString(), new Probing(worker, probe, times));
        Probed joined =
                new Probed(
                        worker,
                        loop,
                        new StateFollower(
                                address, token, states, loops, worker::tells, worker::tellsNone));
        workers.put(address, joined);
        if (started) {
            joined.start();
        }
        return joined;
    }

    /** Forgets a worker, unless it has come back meanwhile. */
    private synchronized void drop(PooledWorker worker) {
        Probed probed = workers.get(worker.address());
        if (probed != null && probed.worker == worker && worker.isDone()) {
            workers.remove(worker.address());
            probed.close();
            watchers.forEach(watcher -> watcher.left(worker.address()));
        }
    }

    /** Tells a watcher of the workers that are there, and of those that come and go. */
    public synchronized void watch(WorkerWatcher watcher) {
        watchers.add(watcher);
        workers.keySet().forEach(watcher::joined);
    }

    /** All workers in their present state; {@link Forgiveness} says how a request sees them. */
    public List<WorkerSnapshot> snapshot() {
        return listed.stream().map(PooledWorker::snapshot).toList();
    }

    /** Requests of this gateway by the adapter that they use and the worker that has them. */
    public Map<AdapterDigest, Map<URI, Integer>> demand() {
        Map<AdapterDigest, Map<URI, Integer>> all = new HashMap<>();
        for (PooledWorker worker : listed) {
            worker.asked()
                    .forEach((adapter, requests) ->
                            all.computeIfAbsent(adapter, _ -> new HashMap<>())
                                    .put(worker.address(), requests));
        }
        return all;
    }

    /** How many times failures or slowness have kept a worker from requests. */
    public long ejections(URI address) {
        Probed probed = workers.get(address);
        return probed == null ? 0 : probed.worker.health().ejections();
    }

    /** How old the state is that a worker told last; empty if it has told none. */
    public Optional<Duration> stateAge(URI address) {
        return Optional.ofNullable(workers.get(address))
                .flatMap(probed -> probed.worker.stateAge());
    }

    /** The number of workers in that state now. */
    public long count(ProbedState state) {
        return workers.values().stream().filter(probed -> probed.worker.state() == state).count();
    }

    /**
     * Counts a request at a worker until the lease is closed; empty if the worker has left.
     *
     * @param adapter that the request uses; null for the base
     */
    public Optional<Lease> lease(URI address, @Nullable AdapterDigest adapter) {
        Probed probed = workers.get(address);
        if (probed == null) {
            return Optional.empty();
        }
        Lease lease = new Lease(probed.worker, adapter, probed.loop::wake);
        if (probed.worker.hasLeft()) {
            lease.close();
            return Optional.empty();
        }
        return Optional.of(lease);
    }

    /** Stops probing. */
    @Override
    public synchronized void close() {
        closed = true;
        slow.close();
        workers.values().forEach(Probed::close);
        probe.close();
        states.shutdownNow();
    }
}
