package dev.weft.inference.server.state;

import dev.weft.inference.relay.host.ServerLoad;
import dev.weft.inference.server.beside.RelayedRequests;
import dev.weft.protocol.worker.WorkerLoad;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The load of a server beside the worker: what it says of itself, and whose requests it has. No
 * server says how many rows it has. One thread asks.
 */
public final class RelayedLoad implements LoadSource {
    private final IntFunction<RelayedRequests.Counts> requests;
    private final Supplier<Optional<ServerLoad.Told>> server;
    private final RowTimes rowTimes;

    /**
     * Creates a source that has seen nothing yet.
     *
     * @param requests counts the requests, given how many wait at the server
     * @param nanos a time in nanoseconds, of which only differences count
     */
    public RelayedLoad(
            IntFunction<RelayedRequests.Counts> requests,
            Supplier<Optional<ServerLoad.Told>> server,
            LongSupplier nanos) {
        this.requests = requests;
        this.server = server;
        this.rowTimes = new RowTimes(nanos);
    }

    @Override
    public WorkerLoad load() {
        Optional<ServerLoad.Told> told = server.get();
        RelayedRequests.Counts counts =
                requests.apply(told.map(ServerLoad.Told::waiting).orElse(0));
        int running = counts.allRunning();
        int waiting = counts.allWaiting();
        double rowSeconds = rowTimes.mean(running, counts.begun() - waiting);
        WorkerLoad.Holders holders = new WorkerLoad.Holders(running, counts.running());
        if (told.isEmpty()) {
            return new WorkerLoad(0, holders, new WorkerLoad.Queue(Map.of(), 0), 0, 0, 0);
        }
        return new WorkerLoad(
                0,
                holders,
                new WorkerLoad.Queue(counts.waiting(), waiting),
                Rounded.tenths(rowSeconds),
                Rounded.hundredths(told.get().kvUsage()),
                Rounded.thousandths(told.get().stepSeconds()));
    }
}
