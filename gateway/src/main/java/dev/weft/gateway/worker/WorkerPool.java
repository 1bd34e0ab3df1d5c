package dev.weft.gateway.worker;

import dev.weft.access.tls.ServiceTls;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The workers that this gateway was given. A loop of its own probes each one, every second while it
 * is ready and every half second while it is not. A worker that answers nothing for 3.5 s is given
 * up, with the requests that it has. Any thread may ask and lease.
 */
public final class WorkerPool implements AutoCloseable {
    private record Probed(PooledWorker worker, Loop loop) {}

    private final Map<URI, Probed> workers = new LinkedHashMap<>();
    private final WorkerProbe probe;
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
        for (URI address : addresses) {
            PooledWorker worker = new PooledWorker(address, times.silence(), System::nanoTime);
            Loop loop =
                    loops.loop(
                            "worker-probe", address.toString(), new Probing(worker, probe, times));
            workers.put(address, new Probed(worker, loop));
        }
    }

    /** The bearer token that workers are sent; null for none. */
    public @Nullable String token() {
        return token;
    }

    /** Starts to probe. */
    public void start() {
        workers.values().forEach(probed -> probed.loop.start());
    }

    /** All workers in their present state. */
    public List<WorkerSnapshot> snapshot() {
        return workers.values().stream().map(probed -> probed.worker.snapshot()).toList();
    }

    /** The number of workers in that state now. */
    long count(ProbedState state) {
        return workers.values().stream().filter(probed -> probed.worker.state() == state).count();
    }

    /** Counts a request at a worker until the lease is closed. */
    public Lease lease(URI address) {
        Probed probed = workers.get(address);
        if (probed == null) {
            throw new IllegalArgumentException("no worker " + address);
        }
        return new Lease(probed.worker, probed.loop::wake);
    }

    /** Stops probing. */
    @Override
    public void close() {
        workers.values().forEach(probed -> probed.loop.close());
        probe.close();
    }
}
