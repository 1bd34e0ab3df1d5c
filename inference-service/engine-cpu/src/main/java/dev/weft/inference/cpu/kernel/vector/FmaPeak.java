package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import jdk.incubator.vector.FloatVector;

/** The most that a core multiplies and adds: eight sums in registers, nothing from memory. */
public final class FmaPeak {
    private static final int SUMS = 8;

    private FmaPeak() {}

    /** Floating point operations of {@link #run}. */
    public static double operations(int turns) {
        return 2.0 * SUMS * VectorMath.LANES * turns;
    }

    /** Runs the loop; the result keeps the compiler from leaving it out. */
    public static float run(int turns, float start) {
        FloatVector x = FloatVector.broadcast(VectorMath.FLOATS, 0.5f);
        FloatVector a = FloatVector.broadcast(VectorMath.FLOATS, start);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        FloatVector e = a;
        FloatVector f = a;
        FloatVector g = a;
        FloatVector h = a;
        for (int i = 0; i < turns; i++) {
            a = a.fma(x, x);
            b = b.fma(x, x);
            c = c.fma(x, x);
            d = d.fma(x, x);
            e = e.fma(x, x);
            f = f.fma(x, x);
            g = g.fma(x, x);
            h = h.fma(x, x);
        }
        return a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).lane(0);
    }
}
