package dev.weft.inference.server.state;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.engine.statistics.BatchStatistics;
import dev.weft.inference.engine.statistics.EngineStatistics;
import dev.weft.inference.engine.statistics.Histogram;
import dev.weft.inference.server.completion.WaitingRequests;
import dev.weft.protocol.worker.WorkerLoad;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The load of an engine in this process. The expected wait is what stands in the queue over the
 * rate at which requests have got rows since there was a queue. One thread asks.
 */
public final class EngineLoad implements LoadSource {
    private final Engine engine;
    private final WaitingRequests waiting;
    private final QueueForecast forecast;
    private double stepsSeconds;
    private long steps;

    /**
     * Creates a source that has seen nothing yet.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    public EngineLoad(Engine engine, WaitingRequests waiting, LongSupplier nanos) {
        this.engine = engine;
        this.waiting = waiting;
        this.forecast = new QueueForecast(nanos);
    }

    @Override
    public WorkerLoad load() {
        EngineStatistics now = engine.statistics();
        Map<String, Integer> queue = waiting.byTenant();
        int queued = queue.values().stream().mapToInt(Integer::intValue).sum();
        return new WorkerLoad(
                engine.description().maxRows(),
                now.running(),
                queue,
                hundredths(forecast.seconds(queued, waiting.served())),
                hundredths(now.kv().usage()),
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
        return Math.max(0, Math.round(mean * 1_000) / 1_000.0);
    }

    /** States that differ by less are not told anew. */
    private static double hundredths(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
