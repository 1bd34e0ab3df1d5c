package dev.weft.standalone.bench.run;

import com.sun.management.OperatingSystemMXBean;
import dev.weft.standalone.bench.load.Load;
import dev.weft.standalone.bench.stream.Endpoint;
import dev.weft.standalone.bench.stream.Outcome;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Runs of a load, one after the other. For one thread. */
public final class Runs {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final int WARM_UP_EACH_STREAM = 2;

    private final Endpoint endpoint;
    private final Load load;
    private final Extent extent;
    private final @Nullable Integer warmUp;
    private final PrintWriter progress;
    private final AtomicLong numbers = new AtomicLong();

    /**
     * Creates runs of a load.
     *
     * @param warmUp requests before each run that don't count; null for {@value
     *     #WARM_UP_EACH_STREAM} for each stream
     */
    public Runs(
            Endpoint endpoint,
            Load load,
            Extent extent,
            @Nullable Integer warmUp,
            PrintWriter progress) {
        this.endpoint = endpoint;
        this.load = load;
        this.extent = extent;
        this.warmUp = warmUp;
        this.progress = progress;
    }

    /** Makes one run. */
    public RunResult run(int streams) throws InterruptedException {
        long before = warmUp == null ? (long) WARM_UP_EACH_STREAM * streams : warmUp;
        List<RequestSample> warmUpSamples =
                phase(streams + " streams, warm-up", streams, before, Long.MAX_VALUE).run();
        ClosedLoop loop =
                phase(streams + " streams", streams, extent.requests(streams), extent.nanos());
        long cpu = PROCESS.getProcessCpuTime();
        List<RequestSample> samples = loop.run();
        return new RunResult(
                streams,
                samples,
                warmUpSamples.stream().filter(s -> s.outcome() instanceof Outcome.Failed).toList(),
                wall(samples),
                PROCESS.getProcessCpuTime() - cpu,
                loop.givenUp());
    }

    private ClosedLoop phase(String name, int streams, long requests, long nanos) {
        return new ClosedLoop(
                endpoint, load, streams, requests, nanos, numbers, new Progress(progress, name));
    }

    private static long wall(List<RequestSample> samples) {
        if (samples.isEmpty()) {
            return 1;
        }
        // nanoTime has no zero: times are compared by their differences
        long zero = samples.getFirst().begun();
        long begun = samples.stream().mapToLong(s -> s.begun() - zero).min().orElse(0);
        long ended = samples.stream().mapToLong(s -> s.ended() - zero).max().orElse(0);
        return Math.max(ended - begun, 1);
    }
}
