package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes linear layers on oneDNN. */
final class OneDnnLayers implements LinearLayers {
    private final OneDnn dnn;
    private final OneDnnProducts products;
    private final Precision precision;
    private final Team team;

    OneDnnLayers(OneDnn dnn, Precision precision, Team team) {
        this.dnn = dnn;
        this.products = new OneDnnProducts(dnn, team.size());
        this.precision = precision;
        this.team = team;
    }

    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public String instructionSet() {
        return OneDnn.instructionSet();
    }

    @Override
    public LinearLayers of(Team other) {
        return new OneDnnLayers(dnn, precision, other);
    }

    @Override
    public boolean isCompiledAsItRuns() {
        return false;
    }

    @Override
    public boolean isNative() {
        return OneDnn.multiplies(precision);
    }

    /** Inputs are rounded to bf16, which other kernels leave as they are. */
    @Override
    public double leastGain() {
        return precision == Precision.BF16 ? 1.5 : 1;
    }

    @Override
    public long bytes(Shape shape) {
        return room(shape).bytes();
    }

    @Override
    public Optional<String> layout(Shape shape) {
        return Optional.of(OneDnn.version() + ", " + room(shape).describe());
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
        return new OneDnnLinear(
                new OneDnnLinear.Parts(dnn, products, precision, team),
                room(shape),
                memory,
                source);
    }

    /** Behind the weights in int8 is a scale of each column. */
    private OneDnnRoom room(Shape shape) {
        int inputs = OneDnnLinear.inputs(precision, shape.in());
        return OneDnnRoom.of(
                team,
                shape,
                precision == Precision.INT8 ? 1 : 0,
                (member, columns) ->
                        products.weights(
                                member,
                                new OneDnnProduct.Key(
                                        precision,
                                        OneDnnRoom.PACKED_FOR_ROWS,
                                        inputs,
                                        columns,
                                        shape.out())));
    }
}
