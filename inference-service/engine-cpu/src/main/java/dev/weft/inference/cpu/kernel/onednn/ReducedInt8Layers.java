package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes int8 layers for processors that multiply bytes but have no VNNI (AVX2, the first with
 * AVX-512). Their instruction sums pairs of products up in 16 bits, so inputs and weights use fewer
 * numbers: as {@code reduce_range} of ONNX Runtime and PyTorch does. They are half as exact as 8
 * bits and up to twice as fast as floats: docs/decisions/0239-int8-without-vnni.md.
 */
final class ReducedInt8Layers implements LinearLayers {
    private final OneDnn dnn;
    private final Team team;
    private final List<ReducedInt8Products> products;

    ReducedInt8Layers(OneDnn dnn, Team team) {
        this.dnn = dnn;
        this.team = team;
        this.products =
                IntStream.range(0, team.size())
                        .mapToObj(_ -> new ReducedInt8Products(dnn))
                        .toList();
    }

    @Override
    public String name() {
        return "onednn reduced";
    }

    @Override
    public String instructionSet() {
        return OneDnn.instructionSet();
    }

    @Override
    public LinearLayers of(Team other) {
        return new ReducedInt8Layers(dnn, other);
    }

    @Override
    public boolean isCompiledAsItRuns() {
        return false;
    }

    @Override
    public double leastGain() {
        return 1.2;
    }

    @Override
    public long bytes(Shape shape) {
        return room(shape).bytes();
    }

    @Override
    public Optional<String> layout(Shape shape) {
        return Optional.of(
                "%s, %s, %s".formatted(name(), OneDnn.version(), room(shape).describe()));
    }

    @Override
    public Linear pack(MemorySegment room, WeightSource source) {
        return linear(room, new Shape(source.in(), source.out()), source);
    }

    @Override
    public Linear packed(MemorySegment room, Shape shape) {
        return linear(room, shape, null);
    }

    private Linear linear(MemorySegment memory, Shape shape, @Nullable WeightSource source) {
        return new ReducedInt8Linear(
                new ReducedInt8Linear.Parts(dnn, products, team),
                shape,
                room(shape),
                memory,
                source);
    }

    /** Behind the weights are a scale and a zero of each column. */
    private OneDnnRoom room(Shape shape) {
        return OneDnnRoom.of(
                team,
                shape.out(),
                2,
                (member, columns) -> products.get(member).layout(shape.in(), columns));
    }
}
