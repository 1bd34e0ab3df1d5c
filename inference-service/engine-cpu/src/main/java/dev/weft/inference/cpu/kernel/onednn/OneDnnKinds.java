package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.team.Team;
import java.util.Optional;

/** The kind of oneDNN's kernels that a processor has for a precision. */
public final class OneDnnKinds {
    private OneDnnKinds() {}

    /**
     * Opens oneDNN; empty if it can't be loaded or has only its slow reference kernel on this
     * machine; the log says why.
     */
    public static Optional<LinearLayers> open(Precision precision, Team team) {
        return OneDnn.load().flatMap(dnn -> kind(dnn, precision, team));
    }

    private static Optional<LinearLayers> kind(OneDnn dnn, Precision precision, Team team) {
        if (precision == Precision.INT8
                && OneDnn.sumsPairsIn16Bits()
                && ReducedInt8Products.isFast(dnn)) {
            return Optional.of(new ReducedInt8Layers(dnn, team));
        }
        return dnn.isFastIn(precision)
                ? Optional.of(new OneDnnLayers(dnn, precision, team))
                : Optional.empty();
    }
}
