package dev.weft.inference.server.state;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.statistics.BatchStatistics;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.inference.engine.statistics.Histogram;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.completion.WaitingRequests;
import dev.weft.protocol.worker.WorkerLoad;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The load of an engine in this process. One thread asks. */
final class EngineLoad implements LoadSource {
    private final Engine engine;
    private final RequestCounts counts;
    private final RowTimes rowTimes;
    private double stepsSeconds;
    private long steps;

    /**
     * Creates a source that has seen nothing yet.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    EngineLoad(Engine engine, RequestCounts counts, LongSupplier nanos) {
        this.engine = engine;
        this.counts = counts;
        this.rowTimes = new RowTimes(nanos);
    }

    @Override
    public WorkerLoad load() {
        WaitingRequests waiting = counts.waiting();
        EngineStatistics now = engine.statistics();
        return new WorkerLoad(
                engine.description().maxRows(),
                new WorkerLoad.Holders(now.running(), counts.running().byTenant()),
                new WorkerLoad.Queue(waiting.byTenant(), waiting.requests()),
                Rounded.tenths(rowTimes.mean(now.running(), waiting.served())),
                Rounded.hundredths(now.kv().usage()),
                stepSeconds(now.batch().flatMap(BatchStatistics::measured)));
    }

    /** The mean of the steps since the last call, in whole milliseconds. */
    private double stepSeconds(Optional<BatchStatistics.Measured> measured) {
        if (measured.isEmpty()) {
            return 0;
        }
        Histogram.Snapshot seconds = measured.get().seconds();
        long count = seconds.count();
        double mean = count == steps ? 0 : (seconds.sum() - stepsSeconds) / (count - steps);
        steps = count;
        stepsSeconds = seconds.sum();
        return Math.max(0, Rounded.thousandths(mean));
    }
}
