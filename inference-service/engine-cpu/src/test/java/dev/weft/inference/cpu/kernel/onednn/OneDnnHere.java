package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.team.Team;
import org.bytedeco.dnnl.global.dnnl;
import org.opentest4j.TestAbortedException;

/**
 * oneDNN as this processor has it. A test of its kernels is left out if it has none, in one line
 * that says so; it fails if the processor is known to have them.
 */
public final class OneDnnHere {
    /** From this instruction set on, oneDNN has fast kernels for every precision. */
    private static final int HAS_ALL = dnnl.dnnl_cpu_isa_avx512_core_bf16;

    private static final String VECTOR_STANDS_IN = ", the Vector API stands in";

    private OneDnnHere() {}

    /** The library, if it has fast kernels for them. */
    static OneDnn with(Operands operands) {
        return OneDnn.load()
                .filter(dnn -> dnn.isFastIn(operands))
                .orElseThrow(() -> missing(operands.text()));
    }

    /** Layers that multiply floats by weights in bf16. */
    public static LinearLayers floats(Team team) {
        return new OneDnnLayers(with(Operands.FLOATS), Operands.FLOATS, team);
    }

    /** The kind that a precision has on oneDNN. */
    public static LinearLayers layers(Precision precision, Team team) {
        return OneDnnKinds.open(precision, team).orElseThrow(() -> missing(precision.toString()));
    }

    /** The library, if the processor needs reduced int8. */
    static OneDnn reduced() {
        return OneDnn.load()
                .filter(_ -> OneDnn.sumsPairsIn16Bits())
                .filter(ReducedInt8Products::isFast)
                .orElseThrow(OneDnnHere::noReduced);
    }

    /** What a test of reduced int8 ends with on other processors. */
    static RuntimeException noReduced() {
        return OneDnn.load().isPresent() && OneDnn.sumsPairsIn16Bits()
                ? new IllegalStateException("oneDNN has only its slow reference for reduced int8")
                : new TestAbortedException("reduced int8 is for AVX2 or AVX-512 without VNNI");
    }

    /** The kernels of a choice; of oneDNN's those that are there. */
    public static Kernels kernels(
            Kernels.Choice choice, Precision precision, Team team, int maxRows) {
        try {
            return Kernels.open(choice, precision, team, maxRows);
        } catch (IllegalStateException e) {
            throw missing(precision.toString());
        }
    }

    /** What a test ends with if a kernel is missing. */
    private static RuntimeException missing(String what) {
        if (OneDnn.load().isEmpty()) {
            return new TestAbortedException("oneDNN can't be loaded" + VECTOR_STANDS_IN);
        }
        String missing = "oneDNN has no fast " + what + " kernel at " + OneDnn.instructionSet();
        return hasAll()
                ? new IllegalStateException(missing)
                : new TestAbortedException(missing + VECTOR_STANDS_IN);
    }

    private static boolean hasAll() {
        return (dnnl.dnnl_get_effective_cpu_isa() & HAS_ALL) == HAS_ALL;
    }
}
