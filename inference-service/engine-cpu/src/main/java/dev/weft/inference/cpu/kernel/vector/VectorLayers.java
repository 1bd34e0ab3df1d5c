package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes linear layers on the Vector API, which run wherever a JVM does. */
public final class VectorLayers implements LinearLayers {
    /** Change this number whenever the packed layout changes; older copies are then ignored. */
    private static final int FORMAT = 1;

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
    public long bytes(Shape shape) {
        return switch (precision) {
            case BF16 -> TiledMatrix.bytes(shape.out(), shape.in());
            case INT8 -> Int8Strips.bytes(shape);
        };
    }

    @Override
    public Optional<String> layout(Shape shape) {
        return Optional.of("%s, format %d".formatted(name(), FORMAT));
    }

    @Override
    public Linear pack(MemorySegment room, WeightSource source) {
        Shape shape = new Shape(source.in(), source.out());
        return switch (precision) {
            case BF16 -> {
                TiledMatrix matrix = matrix(room, shape);
                team.run(member -> {
                    int panels = matrix.panels();
                    matrix.fill(member.from(panels, 1), member.to(panels, 1), source);
                });
                yield new VectorLinear(matrix, buffers);
            }
            case INT8 -> {
                Int8Strips strips = new Int8Strips(room, shape);
                team.run(member -> {
                    int count = strips.strips();
                    strips.fill(member.from(count, 1), member.to(count, 1), source);
                });
                yield new VectorInt8Linear(strips, buffers);
            }
        };
    }

    @Override
    public Linear packed(MemorySegment room, Shape shape) {
        return switch (precision) {
            case BF16 -> new VectorLinear(matrix(room, shape), buffers);
            case INT8 -> new VectorInt8Linear(Int8Strips.packed(room, shape), buffers);
        };
    }

    private static TiledMatrix matrix(MemorySegment room, Shape shape) {
        return new TiledMatrix(room, shape.out(), shape.in());
    }

    /** The buffers of one member. */
    record Buffers(PanelProduct panels, TiledProduct tiles, Int8Row row) {
        Buffers() {
            this(new PanelProduct(), new TiledProduct(), new Int8Row());
        }
    }
}
