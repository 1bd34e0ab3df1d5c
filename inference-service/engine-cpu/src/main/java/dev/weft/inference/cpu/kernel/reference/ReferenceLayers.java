package dev.weft.inference.cpu.kernel.reference;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Makes layers that compute by the formula, for comparisons. */
public record ReferenceLayers(Precision precision) implements LinearLayers {
    @Override
    public String name() {
        return "reference";
    }

    /**
     * The instruction set of the adapters' products and of attention, since these layers use no
     * vectors.
     */
    @Override
    public String instructionSet() {
        return VectorMath.instructionSet();
    }

    @Override
    public LinearLayers of(Team other) {
        return this;
    }

    @Override
    public boolean isCompiledAsItRuns() {
        return false;
    }

    /** It reads the checkpoint and packs nothing. */
    @Override
    public long bytes(Shape shape) {
        return 0;
    }

    @Override
    public Optional<String> layout(Shape shape) {
        return Optional.empty();
    }

    @Override
    public Linear pack(MemorySegment room, WeightSource source) {
        InputForm form = precision == Precision.BF16 ? InputForm.FLOAT : InputForm.INT8;
        return new ReferenceLinear(source, form);
    }

    @Override
    public Linear packed(MemorySegment room, Shape shape) {
        throw new IllegalStateException("the reference packs nothing that could be kept");
    }
}
