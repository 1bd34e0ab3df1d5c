package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Makes linear layers on oneDNN. */
public final class OneDnnLayers implements LinearLayers {
    private final OneDnn dnn;
    private final OneDnnProducts products;
    private final Precision precision;
    private final Team team;

    private OneDnnLayers(OneDnn dnn, Precision precision, Team team) {
        this.dnn = dnn;
        this.products = new OneDnnProducts(dnn, team.size());
        this.precision = precision;
        this.team = team;
    }

    /**
     * Opens oneDNN; empty if it can't be loaded or has only its slow reference kernel on this
     * machine; the log says why.
     */
    public static Optional<OneDnnLayers> open(Precision precision, Team team) {
        return OneDnn.load()
                .filter(dnn -> dnn.isFastIn(precision))
                .map(dnn -> new OneDnnLayers(dnn, precision, team));
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
        Shape shape = new Shape(source.in(), source.out());
        return new OneDnnLinear(
                new OneDnnLinear.Parts(dnn, products, team), room(shape), room, source);
    }

    @Override
    public Linear packed(MemorySegment room, Shape shape) {
        return new OneDnnLinear(
                new OneDnnLinear.Parts(dnn, products, team), room(shape), room, null);
    }

    private OneDnnRoom room(Shape shape) {
        return OneDnnRoom.of(products, team, precision, shape);
    }
}
