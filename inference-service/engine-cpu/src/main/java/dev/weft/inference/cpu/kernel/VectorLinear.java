package dev.weft.inference.cpu.kernel;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;

/** The linear layer in the Vector API: runs wherever a JVM does. */
final class VectorLinear implements Linear {
    private final Arena arena = Arena.ofShared();
    private final TiledMatrix weights;
    private final int[] allRows;
    private final List<TiledProduct> products;

    VectorLinear(WeightSource source, int maxRows, int teamSize) {
        this.products = IntStream.range(0, teamSize).mapToObj(_ -> new TiledProduct()).toList();
        this.weights = TiledMatrix.pack(arena, source.out(), source.in(), source::copyRow);
        this.allRows = new int[maxRows];
        for (int i = 0; i < maxRows; i++) {
            allRows[i] = i;
        }
    }

    @Override
    public int in() {
        return weights.in();
    }

    @Override
    public int out() {
        return weights.out();
    }

    @Override
    public Precision precision() {
        return Precision.BF16;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int tiles = weights.tiles();
        products.get(member.index())
                .multiply(
                        weights,
                        member.from(tiles, 1),
                        member.to(tiles, 1),
                        new TiledProduct.Operands(x.floats(), 0, y, 0, 1f, false),
                        allRows,
                        rows);
    }

    @Override
    public void close() {
        arena.close();
    }
}
