package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;

/** Makes linear layers on the Vector API, which run wherever a JVM does. */
public final class VectorLayers implements LinearLayers {
    private final Precision precision;
    private final Team team;
    private final List<Buffers> buffers;

    /** Makes the buffers, which the layers share. */
    public VectorLayers(Precision precision, Team team) {
        this.precision = precision;
        this.team = team;
        this.buffers = IntStream.range(0, team.size()).mapToObj(_ -> new Buffers()).toList();
    }

    @Override
    public String name() {
        return "vector x" + VectorMath.LANES;
    }

    @Override
    public String instructionSet() {
        return VectorMath.instructionSet();
    }

    @Override
    public LinearLayers of(Team other) {
        return new VectorLayers(precision, other);
    }

    @Override
    public boolean isCompiledAsItRuns() {
        return true;
    }

    @Override
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
