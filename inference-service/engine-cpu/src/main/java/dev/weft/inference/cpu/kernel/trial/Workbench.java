package dev.weft.inference.cpu.kernel.trial;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Small weights, and products of them that a warm-up runs on its thread. */
final class Workbench implements AutoCloseable {
    private static final int ROWS = 16;

    /** Of the base's layers. */
    static final Shape SHAPE = new Shape(512, 128);

    /** Rows of an adapter that are multiplied at once. */
    private static final int ADAPTER_ROWS = 4;

    private static final int RANK = 16;

    /** Tiles of an adapter's matrix: two wide panels and a narrow one. */
    private static final int ADAPTER_TILES = 9;

    private static final WarmUp.Floor BASE = new WarmUp.Floor(0.3, 0.05);

    /**
     * The floor of layers of which the JVM compiles the product of a single row only: a seventh to
     * a third of the peak, and 0.06 until the loop over vectors is compiled.
     */
    private static final WarmUp.Floor SINGLE_ROW = new WarmUp.Floor(0, 0.08);

    /** The floor of adapters' kernels, which unpack weights once for four rows. */
    private static final WarmUp.Floor ADAPTERS = new WarmUp.Floor(0.15, 0.05);

    /**
     * The floor of products behind a rank, which is too short for a kernel to reach its speed, and
     * of those that the JVM does not compile.
     */
    private static final WarmUp.Floor ANY = new WarmUp.Floor(0, 0);

    private final Arena arena = Arena.ofShared();
    private final Team alone = new Team(1);
    private final List<Linear> linears = new ArrayList<>();

    /** Products of a linear layer of the base. */
    WarmUp.Work base(LinearLayers layers) {
        Tensor weights = KernelTrial.weights(arena, SHAPE);
        Linear linear = layers.of(alone).pack(arena, new WeightSource(List.of(weights), null));
        linears.add(linear);
        Activations x = KernelTrial.inputs(arena, linear, ROWS);
        FloatMatrix y = FloatMatrix.allocate(arena, ROWS, SHAPE.out());
        return new WarmUp.Work(
                () -> alone.run(m -> linear.multiply(m, x, y, ROWS)),
                () -> alone.run(m -> linear.multiply(m, x, y, 1)),
                ROWS,
                2.0 * SHAPE.in() * SHAPE.out(),
                floor(layers, linear));
    }

    private static WarmUp.Floor floor(LinearLayers layers, Linear linear) {
        if (layers.isCompiledAsItRuns()) {
            return BASE;
        }
        return linear.isOnlySingleRowCompiled() ? SINGLE_ROW : ANY;
    }

    /** Products of adapters in front of a rank, which replace their outputs. */
    WarmUp.Work inFrontOfRank() {
        return adapters(SHAPE.in(), false, ADAPTERS);
    }

    /** Products of adapters behind a rank, which are added to their outputs. */
    WarmUp.Work behindRank() {
        return adapters(RANK, true, ANY);
    }

    private WarmUp.Work adapters(int in, boolean accumulate, WarmUp.Floor floor) {
        int out = ADAPTER_TILES * VectorMath.LANES;
        TiledMatrix w = TiledMatrix.pack(arena, out, in, (_, to) -> Arrays.fill(to, 1f));
        FloatMatrix x = FloatMatrix.allocate(arena, ADAPTER_ROWS, in);
        FloatMatrix y = FloatMatrix.allocate(arena, ADAPTER_ROWS, out);
        var operands = new TiledProduct.Operands(x, 0, y, 0, 1f, accumulate);
        TiledProduct product = new TiledProduct();
        int[] rows = {0, 1, 2, 3};
        TiledProduct.RowBlock all = new TiledProduct.RowBlock(rows, 0, ADAPTER_ROWS);
        TiledProduct.RowBlock one = new TiledProduct.RowBlock(rows, 0, 1);
        return new WarmUp.Work(
                () -> product.multiply(w, 0, w.panels(), operands, all),
                () -> product.multiply(w, 0, w.panels(), operands, one),
                ADAPTER_ROWS,
                2.0 * in * out,
                floor);
    }

    @Override
    public void close() {
        linears.forEach(Linear::close);
        alone.close();
        arena.close();
    }
}
