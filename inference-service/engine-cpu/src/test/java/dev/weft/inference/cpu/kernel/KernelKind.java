package dev.weft.inference.cpu.kernel;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.onednn.OneDnnHere;
import dev.weft.inference.cpu.kernel.team.Team;

/** The kernels that tests and benchmarks take one by one, and what they multiply. */
public enum KernelKind {
    VECTOR_BF16(Kernels.Choice.VECTOR, Precision.BF16),
    VECTOR_INT8(Kernels.Choice.VECTOR, Precision.INT8),

    /** Weights that are stored in 4 bits. */
    VECTOR_INT4(Kernels.Choice.VECTOR, Precision.BF16),

    ONEDNN_BF16(Kernels.Choice.ONEDNN, Precision.BF16),

    /** Floats by weights in bf16. */
    ONEDNN_FLOATS(Kernels.Choice.ONEDNN, Precision.BF16),

    ONEDNN_INT8(Kernels.Choice.ONEDNN, Precision.INT8);

    private final Kernels.Choice choice;
    private final Precision precision;

    KernelKind(Kernels.Choice choice, Precision precision) {
        this.choice = choice;
        this.precision = precision;
    }

    Kernels open(Team team, int maxRows) {
        if (this == ONEDNN_FLOATS) {
            LinearLayers floats = OneDnnHere.floats(team);
            return Kernels.of(floats, precision, team, maxRows);
        }
        return OneDnnHere.kernels(choice, precision, team, maxRows);
    }
}
