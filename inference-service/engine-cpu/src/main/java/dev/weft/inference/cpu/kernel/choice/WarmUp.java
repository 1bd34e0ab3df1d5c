package dev.weft.inference.cpu.kernel.choice;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.vector.FmaPeak;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs kernels that the JVM compiles, alone, one row and several in turn, until the compiler has
 * made its best code of them. So the first requests don't wait for it, and what it makes does not
 * depend on the order of requests.
 */
final class WarmUp {
    private static final int PEAK_TURNS = 4_000;

    /** Nothing has become faster for so long: the compiler is done. */
    private static final long SETTLED_NANOS = Duration.ofMillis(200).toNanos();

    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();

    /**
     * Products of kernels, on the calling thread.
     *
     * @param rows of a product of several rows
     * @param operations floating point operations of one row
     * @param floor the part of the peak below which such kernels are badly compiled
     */
    record Work(Runnable several, Runnable one, int rows, double operations, Floor floor) {}

    /**
     * Parts of the peak.
     *
     * @param several of a product of several rows
     * @param one of a product of one row, which is bound by unpacking weights
     */
    record Floor(double several, double one) {}

    /**
     * How fast compiled kernels are.
     *
     * @param product GFLOP/s of a thread that multiplies several rows, weights in its cache
     * @param row GFLOP/s of a thread that multiplies one row
     * @param peak GFLOP/s of a thread that multiplies and adds numbers in registers
     * @param floor below which the kernels are badly compiled
     */
    record Speed(double product, double row, double peak, Floor floor) {
        double ofPeak() {
            return product / peak;
        }

        boolean isGood() {
            return ofPeak() >= floor.several && row / peak >= floor.one;
        }

        /** Interpreted code is hundreds of times slower than an operation a nanosecond. */
        private boolean isCompiled() {
            return peak > VectorMath.LANES;
        }
    }

    private final Work work;

    /** The fastest so far, in nanoseconds. */
    private double product = Double.MAX_VALUE;

    private double row = Double.MAX_VALUE;
    private double peak = Double.MAX_VALUE;

    private float result;

    private WarmUp(Work work) {
        this.work = work;
    }

    /** Warms kernels up; 5 s at most. */
    static Speed run(Work work) {
        return new WarmUp(work).run();
    }

    private Speed run() {
        long begin = System.nanoTime();
        long improved = begin;
        while (true) {
            double before = speedUp();
            product = Math.min(product, time(work.several));
            row = Math.min(row, time(work.one));
            peak = Math.min(peak, time(() -> result = FmaPeak.run(PEAK_TURNS, result)));
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

    private static double time(Runnable product) {
        long begin = System.nanoTime();
        product.run();
        return (double) (System.nanoTime() - begin);
    }

    private Speed speed() {
        return new Speed(
                work.rows * work.operations / product,
                work.operations / row,
                FmaPeak.operations(PEAK_TURNS) / peak,
                work.floor);
    }
}
