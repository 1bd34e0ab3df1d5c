package dev.weft.inference.cpu.kernel.trial;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.vector.FmaPeak;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs kernels that the JVM compiles, alone, one row and several in turn, until the compiler has
 * made its best code of them. So the first requests don't wait for it, and what it makes does not
 * depend on the order of requests.
 */
final class WarmUp {
    private static final int PEAK_TURNS = 4_000;

    /** The compiler is done if nothing has become faster for so long. */
    private static final long SETTLED_NANOS = Duration.ofMillis(100).toNanos();

    /** Slow code stays as it is if the compiler has no work and nothing has become faster. */
    private static final long SLOW_NANOS = Duration.ofSeconds(3).toNanos();

    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(40).toNanos();

    /** The longest wait, on a machine that leaves the compiler no core. */
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

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
     * @param floor the parts of the peak below which the kernels are badly compiled
     */
    record Speed(double product, double row, double peak, Floor floor) {
        double ofPeak() {
            return product / peak;
        }

        /** Whether the speed is held to a floor. */
        boolean isMeasured() {
            return floor.several > 0;
        }

        boolean isGood() {
            return ofPeak() >= floor.several && row / peak >= floor.one;
        }

        /**
         * Whether the code is compiled: interpreted code is hundreds of times slower than an
         * operation a nanosecond.
         */
        private boolean isCompiled() {
            return peak > VectorMath.LANES;
        }
    }

    /** The fastest products of a kind of kernels so far, in nanoseconds. */
    private static final class Kind {
        private final Work work;
        private double several = Double.MAX_VALUE;
        private double one = Double.MAX_VALUE;

        private Kind(Work work) {
            this.work = work;
        }

        private void runOnce() {
            several = Math.min(several, time(work.several));
            one = Math.min(one, time(work.one));
        }

        private Speed speed(double peak) {
            return new Speed(
                    work.rows * work.operations / several,
                    work.operations / one,
                    FmaPeak.operations(PEAK_TURNS) / peak,
                    work.floor);
        }
    }

    private final List<Kind> kinds;
    private double peak = Double.MAX_VALUE;
    private float result;

    private WarmUp(List<Work> works) {
        this.kinds = works.stream().map(Kind::new).toList();
    }

    /**
     * Warms kernels up, all in turn, so that they wait for the compiler together: until they are
     * fast or it has no work left, a minute at most, and not at all if there is none to wait for.
     */
    static List<Speed> run(List<Work> works) {
        return new WarmUp(works).run();
    }

    private List<Speed> run() {
        long longest = OptimisingCompiler.isAllowed() ? LONGEST_NANOS : 0;
        long begin = System.nanoTime();
        long improved = begin;
        CompilerWork compiler = new CompilerWork(OptimisingCompiler::spentMillis, begin);
        while (true) {
            long turn = System.nanoTime();
            double before = slowness();
            kinds.forEach(Kind::runOnce);
            peak = Math.min(peak, time(() -> result = FmaPeak.run(PEAK_TURNS, result)));
            long now = System.nanoTime();
            if (slowness() < before / 1.03) {
                improved = now;
            }
            List<Speed> speeds = kinds.stream().map(kind -> kind.speed(peak)).toList();
            boolean settled = now - improved > SETTLED_NANOS;
            boolean good = speeds.stream().allMatch(speed -> speed.isCompiled() && speed.isGood());
            boolean stays = compiler.isDone(now) && now - improved > SLOW_NANOS;
            if ((settled && good) || stays || now - begin > longest) {
                return speeds;
            }
            // The compiler's threads need the cores more than slow code does.
            LockSupport.parkNanos(Math.clamp(2 * (now - turn), PAUSE_NANOS, LONGEST_PAUSE_NANOS));
        }
    }

    /** The product of all times, which falls with each of them. */
    private double slowness() {
        double product = peak;
        for (Kind kind : kinds) {
            product *= kind.several * kind.one;
        }
        return product;
    }

    private static double time(Runnable product) {
        long begin = System.nanoTime();
        product.run();
        return (double) (System.nanoTime() - begin);
    }
}
