package dev.weft.gateway;

import dev.weft.access.holder.Holder;
import dev.weft.gateway.limit.Admission;
import dev.weft.gateway.routing.name.Target;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures what a gateway looks up for a request: whose key it is, what the key may still use, and
 * which adapter the model is; names and keys by turns that no cache of the processor follows. The
 * gateway is a real one, with its beans, before a catalog of the tests'. Says how much heap names
 * and keys take.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 3, time = 5)
@State(Scope.Benchmark)
public class LookupBenchmark {
    @Param("100000")
    public int adapters;

    @Param("1000")
    public int keys;

    private final SplittableRandom random = new SplittableRandom(1);
    private @Nullable FilledGateway filled;

    /** Starts a gateway, and has it know everything. */
    @Setup(Level.Trial)
    public void start() throws Exception {
        filled = new FilledGateway(adapters, keys);
    }

    @TearDown(Level.Trial)
    public void stop() {
        filled().close();
    }

    private FilledGateway filled() {
        return Objects.requireNonNull(filled);
    }

    /** Finds an adapter by its name. */
    @Benchmark
    public Target adapter() {
        return filled().adapter(random.nextInt(adapters));
    }

    /** Finds the holder of a key; each key's answer is asked for again after four seconds. */
    @Benchmark
    public Holder key() {
        return filled().holder(random.nextInt(keys));
    }

    /** Asks whether a key's limits allow a request, and settles what it used. */
    @Benchmark
    public Admission limits() {
        return filled().admit(random.nextInt(keys));
    }
}
