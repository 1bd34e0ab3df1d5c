package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Conversions;
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

/**
 * Makes int8 layers for processors that multiply bytes but have no VNNI (AVX2, the first with
 * AVX-512). Their instruction sums pairs of products up in 16 bits, so inputs and weights use fewer
 * numbers: as {@code reduce_range} of ONNX Runtime and PyTorch does. They are half as exact as 8
 * bits and up to twice as fast as floats: docs/decisions/0239-int8-without-vnni.md.
 */
public final class ReducedInt8Layers implements LinearLayers {
    /** Change this number whenever the packed layout changes; older copies are then ignored. */
    private static final int FORMAT = 1;

    private final OneDnn dnn;
    private final Team team;
    private final List<ReducedInt8Linear.Buffers> buffers;

    private ReducedInt8Layers(OneDnn dnn, Team team) {
        this.dnn = dnn;
        this.team = team;
        this.buffers =
                IntStream.range(0, team.size())
                        .mapToObj(_ -> new ReducedInt8Linear.Buffers(dnn))
                        .toList();
    }

    /** Opens oneDNN; empty if it can't be loaded or if this processor has VNNI or has no AVX2. */
    public static Optional<ReducedInt8Layers> open(Team team) {
        if (VectorMath.LANES != Conversions.BYTES.length()) {
            return Optional.empty();
        }
        return OneDnn.load()
                .filter(_ -> OneDnn.sumsPairsIn16Bits())
                .filter(ReducedInt8Product::isFast)
                .map(dnn -> new ReducedInt8Layers(dnn, team));
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

    /** A row alone is multiplied by the Vector API. */
    @Override
    public boolean isCompiledAsItRuns() {
        return true;
    }

    @Override
    public boolean isCompiledForOneRowOnly() {
        return true;
    }

    @Override
    public double leastGain() {
        return 1.2;
    }

    @Override
    public long bytes(Shape shape) {
        return ReducedInt8Weights.bytes(shape);
    }

    @Override
    public Optional<String> layout(Shape shape) {
        return Optional.of("%s, format %d".formatted(name(), FORMAT));
    }

    @Override
    public Linear pack(MemorySegment room, WeightSource source) {
        ReducedInt8Weights weights =
                new ReducedInt8Weights(room, new Shape(source.in(), source.out()));
        team.run(member ->
                weights.fill(
                        member.from(source.out(), Linear.COLUMN_UNIT),
                        member.to(source.out(), Linear.COLUMN_UNIT),
                        source));
        return new ReducedInt8Linear(weights.read(), buffers);
    }

    @Override
    public Linear packed(MemorySegment room, Shape shape) {
        return new ReducedInt8Linear(new ReducedInt8Weights(room, shape).read(), buffers);
    }
}
