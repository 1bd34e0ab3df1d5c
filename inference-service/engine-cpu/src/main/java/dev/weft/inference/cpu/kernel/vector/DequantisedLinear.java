package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A linear layer that computes with dequantised weights, in float. Each weight is read from its
 * stored form whenever it is used, and neither weights nor inputs are rounded. The layer needs no
 * memory and is slow; layers with weights in 4 bits are compared with it.
 */
final class DequantisedLinear implements Linear {
    private final WeightSource source;
    private final List<Int4Layers.Buffers> buffers;
    private final List<Columns> columns;

    DequantisedLinear(WeightSource source, List<Int4Layers.Buffers> buffers) {
        this.source = source;
        this.buffers = buffers;
        this.columns = IntStream.range(0, buffers.size()).mapToObj(_ -> new Columns()).toList();
    }

    @Override
    public int in() {
        return source.in();
    }

    @Override
    public int out() {
        return source.out();
    }

    @Override
    public InputForm inputs() {
        return InputForm.FLOAT;
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int strips = Math.ceilDiv(out(), PanelProduct.WIDTH);
        PanelProduct product = buffers.get(member.index()).panels();
        Columns own = columns.get(member.index());
        for (int row = 0; row < rows; row += PanelProduct.MOST_ROWS) {
            int count = Math.min(PanelProduct.MOST_ROWS, rows - row);
            product.read(x.floats(), row, count, in());
            for (int strip = member.from(strips, 1); strip < member.to(strips, 1); strip++) {
                product.multiply(own, strip);
                product.store(own, y, row, count, strip);
            }
        }
    }

    /** The weights as one member reads them. */
    private final class Columns implements PanelWeights {
        private final float[] row = new float[source.in()];

        @Override
        public int inputs() {
            return source.in();
        }

        @Override
        public void unpack(int strip, int from, int count, float[] panel) {
            int first = strip * PanelProduct.WIDTH;
            for (int lane = 0; lane < PanelProduct.WIDTH; lane++) {
                boolean isPadding = first + lane >= source.out();
                if (!isPadding) {
                    source.copyPart(first + lane, from, count, row);
                }
                for (int i = 0; i < count; i++) {
                    panel[PanelProduct.WIDTH * i + lane] = isPadding ? 0 : row[i];
                }
            }
        }
    }

    @Override
    public void close() {
        // the layer holds nothing
    }
}
