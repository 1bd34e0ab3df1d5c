package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import java.util.List;

/**
 * The linear layer with weights in bf16 in the Vector API; inputs are floats. One row reads the
 * weights in one stream; several take them panel by panel. Both add up an output's products one
 * after the other, in the order of the inputs; an output beyond the last whole panel has two such
 * sums however many rows there are.
 */
final class VectorLinear implements Linear {
    private final TiledMatrix weights;
    private final TiledStrips strips;
    private final List<VectorLayers.Buffers> buffers;

    VectorLinear(TiledMatrix weights, List<VectorLayers.Buffers> buffers) {
        this.buffers = buffers;
        this.weights = weights;
        this.strips = new TiledStrips(weights);
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
    public InputForm inputs() {
        return InputForm.FLOAT;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int panels = weights.panels();
        int from = member.from(panels, 1);
        int to = member.to(panels, 1);
        int wide = rows == 1 ? from : Math.clamp(weights.wide(), from, to);
        VectorLayers.Buffers own = buffers.get(member.index());
        for (int row = 0; row < rows && from < wide; row += PanelProduct.MOST_ROWS) {
            int count = Math.min(PanelProduct.MOST_ROWS, rows - row);
            own.panels().read(x.floats(), row, count, strips.inputs());
            for (int panel = from; panel < wide; panel++) {
                int strip = TiledStrips.STRIPS * panel;
                own.panels().multiply(strips, strip);
                own.panels().store(strips, y, row, count, strip);
            }
        }
        if (wide < to) {
            own.tiles()
                    .multiply(
                            weights,
                            wide,
                            to,
                            new TiledProduct.Operands(x.floats(), 0, y, 0, 1f, false),
                            TiledProduct.RowBlock.first(rows));
        }
    }

    @Override
    public void close() {
        // The memory is the caller's.
    }
}
