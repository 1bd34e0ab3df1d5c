package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.team.Team;
import java.util.Optional;

/** The kinds of oneDNN's kernels that a processor has for a precision. */
public final class OneDnnKinds {
    private OneDnnKinds() {}

    /**
     * Opens the kind that uses a processor's instructions for a precision.
     *
     * @return empty if oneDNN can't be loaded or has only its slow reference kernel on this
     *     machine, and the log says why
     */
    public static Optional<LinearLayers> open(Precision precision, Team team) {
        return OneDnn.load()
                .flatMap(dnn ->
                        switch (precision) {
                            case BF16 -> fast(dnn, team, Operands.PAIRS);
                            case INT8 ->
                                    OneDnn.sumsPairsIn16Bits() && ReducedInt8Products.isFast(dnn)
                                            ? Optional.of(new ReducedInt8Layers(dnn, team))
                                            : fast(dnn, team, Operands.BYTES);
                        });
    }

    /** Opens the kind that multiplies floats by weights in bf16; empty as above. */
    public static Optional<LinearLayers> openFloats(Team team) {
        return OneDnn.load().flatMap(dnn -> fast(dnn, team, Operands.FLOATS));
    }

    private static Optional<LinearLayers> fast(OneDnn dnn, Team team, Operands operands) {
        return dnn.isFastIn(operands)
                ? Optional.of(new OneDnnLayers(dnn, operands, team))
                : Optional.empty();
    }
}
