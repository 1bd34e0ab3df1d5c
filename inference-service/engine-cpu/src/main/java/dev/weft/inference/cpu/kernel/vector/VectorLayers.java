package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes linear layers on the Vector API for one team: they run wherever a JVM does. The thread that
 * packs a model calls it.
 */
public final class VectorLayers {
    private final Precision precision;
    private final Team team;
    private final List<Buffers> buffers;

    /** Makes the buffers, which the layers share. */
    public VectorLayers(Precision precision, Team team) {
        this.precision = precision;
        this.team = team;
        this.buffers = IntStream.range(0, team.size()).mapToObj(_ -> new Buffers()).toList();
    }

    /**
     * Packs the weights of a layer.
     *
     * @param memory the memory they are packed in; it must stay open as long as the layer is used
     */
    public Linear pack(Arena memory, WeightSource source) {
        return switch (precision) {
            case BF16 -> new VectorLinear(memory, source, team, buffers);
            case INT8 -> new VectorInt8Linear(memory, source, team, buffers);
        };
    }

    /** What one member computes with. */
    record Buffers(PanelProduct panels, TiledProduct tiles, Int8Row row) {
        Buffers() {
            this(new PanelProduct(), new TiledProduct(), new Int8Row());
        }
    }
}
