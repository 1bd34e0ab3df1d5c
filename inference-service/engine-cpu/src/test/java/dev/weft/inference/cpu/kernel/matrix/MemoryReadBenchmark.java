package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.inference.cpu.kernel.LinearBenchmark;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.IntVector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads as many bytes as the gate and up layers of SmolLM2-135M have in bf16, 3.5 MB, by all
 * threads of a team and from memory: the baseline of {@link LinearBenchmark} for one row, which
 * can't be faster.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class MemoryReadBenchmark {
    private static final int LAYER_BYTES = 3072 * 576 * Short.BYTES;
    private static final int LAYERS = 80;
    private static final int UNIT = 16 * VectorMath.LANES;

    private LargePages arena;
    private Team team;
    private MemorySegment data;
    private long[] sums;
    private int turn;

    /** Writes as much as the model has in bf16. */
    @Setup
    public void open() {
        team = new Team(Runtime.getRuntime().availableProcessors());
        arena = new LargePages(0);
        data = arena.allocate((long) LAYERS * LAYER_BYTES, 64);
        data.fill((byte) 1);
        sums = new long[team.size()];
    }

    /** One layer. */
    @Benchmark
    public long[] read() {
        long base = (long) turn * LAYER_BYTES;
        turn = (turn + 1) % LAYERS;
        team.run(member -> {
            long from = base + member.from(LAYER_BYTES / UNIT, 1) * (long) UNIT;
            long to = base + member.to(LAYER_BYTES / UNIT, 1) * (long) UNIT;
            sums[member.index()] += read(from, to);
        });
        return sums;
    }

    private long read(long from, long to) {
        long step = 4L * VectorMath.LANES;
        IntVector a = IntVector.zero(VectorMath.INTS);
        IntVector b = a;
        IntVector c = a;
        IntVector d = a;
        for (long at = from; at < to; at += UNIT) {
            a = a.add(VectorMath.loadInts(data, at));
            b = b.add(VectorMath.loadInts(data, at + step));
            c = c.add(VectorMath.loadInts(data, at + 2 * step));
            d = d.add(VectorMath.loadInts(data, at + 3 * step));
        }
        return a.add(b).add(c.add(d)).lane(0);
    }

    /** Frees all. */
    @TearDown
    public void close() {
        team.close();
        arena.close();
    }
}
