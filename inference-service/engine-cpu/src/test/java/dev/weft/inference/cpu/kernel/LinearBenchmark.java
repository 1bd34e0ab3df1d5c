package dev.weft.inference.cpu.kernel;

import dev.weft.format.quantised.GroupedMatrix;
import dev.weft.format.quantised.Quantisation;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.RowBuckets;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * A linear layer of SmolLM2-135M over some rows, by all threads of a team, the start of its region
 * included. The layers of one shape take turns, so that weights come from memory as they do in a
 * model. VECTOR is the baseline.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class LinearBenchmark {
    /** More than caches hold; in bf16. */
    private static final int WEIGHTS_BYTES = 96 << 20;

    private static final int MOST_ROWS = 256;
    private static final int GROUP = 64;

    /** Weights {@code [out][in]}: q, k and v in one, gate and up in one. */
    public enum Layer {
        QKV(960, 576),
        O(576, 576),
        GATE_UP(3072, 576),
        DOWN(576, 1536),
        HEAD(49152, 576);

        private final int out;
        private final int in;

        Layer(int out, int in) {
            this.out = out;
            this.in = in;
        }
    }

    @Param Layer layer;
    @Param KernelKind kernel;

    @Param({"1", "4", "16", "64", "256"})
    int rows;

    private final Arena arena = new LargePages(0);
    private Team team;
    private Linear[] layers;
    private Activations x;
    private FloatMatrix y;
    private int turn;

    /** Packs as many layers as exceed the caches. */
    @Setup
    public void open() {
        team = new Team(Runtime.getRuntime().availableProcessors());
        Kernels kernels = kernel.open(team, MOST_ROWS);
        WeightMatrix weights =
                kernel == KernelKind.VECTOR_INT4 ? codes(arena, layer) : weights(arena, layer);
        layers = new Linear[Math.ceilDiv(WEIGHTS_BYTES, layer.out * layer.in * Short.BYTES)];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = kernels.linear(arena, weights);
        }
        x = Activations.allocate(arena, RowBuckets.ceiling(rows), layer.in);
        y = FloatMatrix.allocate(arena, RowBuckets.ceiling(rows), layer.out);
        SplittableRandom random = new SplittableRandom(2);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < layer.in; column++) {
                x.floats().set(row, column, (float) random.nextGaussian());
            }
            x.prepare(row, layers[0].inputs());
        }
    }

    /** One layer. */
    @Benchmark
    public FloatMatrix multiply() {
        Linear next = layers[turn];
        turn = (turn + 1) % layers.length;
        team.run(member -> next.multiply(member, x, y, rows));
        return y;
    }

    /** Frees all. */
    @TearDown
    public void close() {
        team.close();
        for (Linear linear : layers) {
            linear.close();
        }
        arena.close();
    }

    /** Random codes in groups of 64. */
    private static GroupedMatrix codes(Arena arena, Layer layer) {
        int groups = layer.in / GROUP;
        SplittableRandom random = new SplittableRandom(1);
        MemorySegment codes = arena.allocate((long) layer.out * layer.in / 2, 64);
        for (long i = 0; i < codes.byteSize() / Integer.BYTES; i++) {
            codes.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt());
        }
        int[] groupOf = new int[layer.in];
        Arrays.setAll(groupOf, i -> i / GROUP);
        float[] scales = new float[layer.out * groups];
        Arrays.fill(scales, 1f / 128);
        byte[] zeros = new byte[scales.length];
        Arrays.fill(zeros, (byte) 8);
        List<Long> shape = List.of((long) layer.out, layer.in / 8L);
        return new GroupedMatrix(
                "weights",
                Quantisation.Form.PACKED,
                new Tensor("codes", DType.I32, shape, codes),
                layer.out,
                layer.in,
                new GroupedMatrix.Groups(groups, groupOf, scales, zeros));
    }

    private static Tensor weights(Arena arena, Layer layer) {
        SplittableRandom random = new SplittableRandom(1);
        long elements = (long) layer.out * layer.in;
        MemorySegment data = arena.allocate(elements * Short.BYTES, 64);
        for (long i = 0; i < elements; i++) {
            data.setAtIndex(
                    ValueLayout.JAVA_SHORT, i, Bf16.of((float) (random.nextGaussian() * 0.04)));
        }
        return new Tensor("weights", DType.BF16, List.of((long) layer.out, (long) layer.in), data);
    }
}
