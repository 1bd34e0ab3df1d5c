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
import dev.weft.inference.cpu.kernel.vector.TiledMatrix;
import dev.weft.inference.cpu.kernel.vector.TiledProduct;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warms the kernels that the JVM compiles, each kind once, and says if one stays slow. */
final class CompiledKernels {
    private static final Logger LOG = LoggerFactory.getLogger(CompiledKernels.class);

    private static final int ROWS = 16;
    private static final int INPUTS = 512;
    private static final int OUTPUTS = 128;

    /** Rows of an adapter that are multiplied at once. */
    private static final int ADAPTER_ROWS = 4;

    private static final int RANK = 16;

    /** Two wide panels and a narrow one. */
    private static final int ADAPTER_TILES = 9;

    private static final WarmUp.Floor BASE = new WarmUp.Floor(0.3, 0.05);

    /** They unpack weights once for four rows. */
    private static final WarmUp.Floor ADAPTERS = new WarmUp.Floor(0.15, 0.05);

    /** A rank is too short for a kernel to reach its speed. */
    private static final WarmUp.Floor ANY = new WarmUp.Floor(0, 0);

    private static final String ADAPTERS_NAME = "adapters";

    /** Measured once in a process: its code stays. */
    private static final Map<String, WarmUp.Speed> SPEEDS = new ConcurrentHashMap<>();

    private CompiledKernels() {}

    /**
     * Has the compiler begin while something else is done: runs the kernels on a thread of their
     * own, some seconds at most, but those that were measured meanwhile. How fast they become is
     * measured later.
     */
    static void begin(String precision, List<LinearLayers> layers) {
        if (SPEEDS.containsKey(ADAPTERS_NAME)) {
            return;
        }
        Thread.ofPlatform()
                .name("weft-warm-up")
                .daemon()
                .start(() -> {
                    runAdapters();
                    layers.stream()
                            .filter(kind -> !SPEEDS.containsKey(name(precision, kind)))
                            .forEach(CompiledKernels::run);
                });
    }

    /** Warms the kernels of linear layers up, on the calling thread. */
    static WarmUp.Speed warm(String precision, LinearLayers layers) {
        return SPEEDS.computeIfAbsent(name(precision, layers), name -> told(name, run(layers)));
    }

    private static String name(String precision, LinearLayers layers) {
        return "the base, " + layers.name() + " " + precision;
    }

    /** Warms the kernels of adapters up, on the calling thread. */
    static WarmUp.Speed warmAdapters() {
        return SPEEDS.computeIfAbsent(ADAPTERS_NAME, name -> told(name, runAdapters()));
    }

    private static WarmUp.Speed run(LinearLayers layers) {
        try (Arena arena = Arena.ofShared();
                Team alone = new Team(1)) {
            Tensor weights = KernelTrial.weights(arena, new Shape(INPUTS, OUTPUTS));
            WeightSource source = new WeightSource(List.of(weights), null);
            try (Linear linear = layers.of(alone).pack(arena, source)) {
                Activations x = KernelTrial.inputs(arena, linear, ROWS);
                FloatMatrix y = FloatMatrix.allocate(arena, ROWS, OUTPUTS);
                return WarmUp.run(
                        new WarmUp.Work(
                                () -> alone.run(m -> linear.multiply(m, x, y, ROWS)),
                                () -> alone.run(m -> linear.multiply(m, x, y, 1)),
                                ROWS,
                                2.0 * INPUTS * OUTPUTS,
                                BASE));
            }
        }
    }

    private static WarmUp.Speed runAdapters() {
        int out = ADAPTER_TILES * VectorMath.LANES;
        try (Arena arena = Arena.ofShared()) {
            TiledMatrix a = TiledMatrix.pack(arena, out, INPUTS, (_, to) -> Arrays.fill(to, 1f));
            TiledMatrix b = TiledMatrix.pack(arena, out, RANK, (_, to) -> Arrays.fill(to, 1f));
            FloatMatrix x = FloatMatrix.allocate(arena, ADAPTER_ROWS, INPUTS);
            FloatMatrix y = FloatMatrix.allocate(arena, ADAPTER_ROWS, out);
            WarmUp.run(work(b, new TiledProduct.Operands(x, 0, y, 0, 1f, true), ANY));
            return WarmUp.run(work(a, new TiledProduct.Operands(x, 0, y, 0, 1f, false), ADAPTERS));
        }
    }

    private static WarmUp.Work work(
            TiledMatrix w, TiledProduct.Operands operands, WarmUp.Floor floor) {
        TiledProduct product = new TiledProduct();
        int[] rows = {0, 1, 2, 3};
        TiledProduct.Rows all = new TiledProduct.Rows(rows, 0, ADAPTER_ROWS);
        TiledProduct.Rows one = new TiledProduct.Rows(rows, 0, 1);
        return new WarmUp.Work(
                () -> product.multiply(w, 0, w.panels(), operands, all),
                () -> product.multiply(w, 0, w.panels(), operands, one),
                ADAPTER_ROWS,
                2.0 * w.in() * w.out(),
                floor);
    }

    private static WarmUp.Speed told(String kernels, WarmUp.Speed speed) {
        LOG.debug("{}: {}", kernels, speed);
        if (!speed.isGood()) {
            LOG.warn(
                    "The JVM's compiler has made slow code of the kernels of {}: a thread"
                        + " multiplies several rows at {} GFLOP/s and one row at {}, and could at"
                        + " {}. A restart may help.",
                    kernels,
                    Math.round(speed.product()),
                    Math.round(speed.row()),
                    Math.round(speed.peak()));
        }
        return speed;
    }
}
