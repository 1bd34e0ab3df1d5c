package dev.weft.inference.cpu.kernel.choice;

import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.FmaPeak;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs kernels that the JVM compiles, alone, one row and several in turn, until the compiler has
 * made its best code of them. So the first requests don't wait for it, and what it makes does not
 * depend on the order of requests.
 */
final class WarmUp {
    /** A product of 16 rows that is slower than this part of the peak is badly compiled. */
    private static final double FLOOR = 0.3;

    /** A single row is bound by unpacking weights. */
    private static final double ROW_FLOOR = 0.05;

    private static final int ROWS = 16;
    private static final int INPUTS = 512;
    private static final int OUTPUTS = 128;
    private static final int PEAK_TURNS = 4_000;

    /** Nothing has become faster for so long: the compiler is done. */
    private static final long SETTLED_NANOS = Duration.ofMillis(200).toNanos();

    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();

    /**
     * How fast compiled kernels are.
     *
     * @param product GFLOP/s of a thread that multiplies 16 rows, weights in its cache
     * @param row GFLOP/s of a thread that multiplies one row
     * @param peak GFLOP/s of a thread that multiplies and adds numbers in registers
     */
    record Speed(double product, double row, double peak) {
        double ofPeak() {
            return product / peak;
        }

        boolean isGood() {
            return ofPeak() >= FLOOR && row / peak >= ROW_FLOOR;
        }

        /** Interpreted code is hundreds of times slower than an operation a nanosecond. */
        private boolean isCompiled() {
            return peak > VectorMath.LANES;
        }
    }

    /** The fastest regions so far, in nanoseconds. */
    private double product = Double.MAX_VALUE;

    private double row = Double.MAX_VALUE;
    private double peak = Double.MAX_VALUE;

    private float result;

    /** Warms kernels up on the calling thread alone; 5 s at most. */
    Speed run(LinearLayers layers) {
        try (Arena arena = Arena.ofShared();
                Team alone = new Team(1)) {
            Tensor weights = KernelTrial.weights(arena, new Shape(INPUTS, OUTPUTS));
            WeightSource source = new WeightSource(List.of(weights), null);
            try (Linear linear = layers.of(alone).pack(arena, source)) {
                return run(linear, alone, arena);
            }
        }
    }

    private Speed run(Linear linear, Team alone, Arena arena) {
        Activations x = KernelTrial.inputs(arena, linear, ROWS);
        FloatMatrix y = FloatMatrix.allocate(arena, ROWS, linear.out());
        long begin = System.nanoTime();
        long improved = begin;
        while (true) {
            double before = speedUp();
            product = Math.min(product, time(alone, member -> linear.multiply(member, x, y, ROWS)));
            row = Math.min(row, time(alone, member -> linear.multiply(member, x, y, 1)));
            peak = Math.min(peak, time(alone, _ -> result = FmaPeak.run(PEAK_TURNS, result)));
            long now = System.nanoTime();
            if (speedUp() > 1.03 * before) {
                improved = now;
            }
            Speed speed = speed();
            boolean settled = now - improved > SETTLED_NANOS;
            boolean done = settled && speed.isCompiled() && speed.isGood();
            if (done || now - begin > LONGEST_NANOS) {
                return speed;
            }
            // The compiler's threads need a core, too.
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Grows with each of the three speeds. */
    private double speedUp() {
        return 1 / product / row / peak;
    }

    private static double time(Team team, Team.Region region) {
        long begin = System.nanoTime();
        team.run(region);
        return (double) (System.nanoTime() - begin);
    }

    private Speed speed() {
        double operations = 2.0 * INPUTS * OUTPUTS;
        return new Speed(
                ROWS * operations / product,
                operations / row,
                FmaPeak.operations(PEAK_TURNS) / peak);
    }
}
