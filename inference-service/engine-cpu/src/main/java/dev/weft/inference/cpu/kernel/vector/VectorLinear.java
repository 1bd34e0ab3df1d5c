package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;

/** The linear layer in the Vector API: runs wherever a JVM does. */
public final class VectorLinear implements Linear {
    private final TiledMatrix weights;
    private final int[] allRows;
    private final List<TiledProduct> products;

    public VectorLinear(Arena memory, WeightSource source, int maxRows, int teamSize) {
        this.products = IntStream.range(0, teamSize).mapToObj(_ -> new TiledProduct()).toList();
        this.weights = TiledMatrix.pack(memory, source.out(), source.in(), source::copyRow);
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
        int panels = weights.panels();
        products.get(member.index())
                .multiply(
                        weights,
                        member.from(panels, 1),
                        member.to(panels, 1),
                        new TiledProduct.Operands(x.floats(), 0, y, 0, 1f, false),
                        new TiledProduct.Rows(allRows, 0, rows));
    }

    @Override
    public void close() {
        // The memory is the caller's.
    }
}
