package dev.weft.inference.cpu.kernel.math;

import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The highest instruction set that kernels use. A lower one than the processor's shows how an older
 * processor serves. It applies to the whole process, since the length of vectors is fixed once they
 * are used.
 */
public enum InstructionSet {
    /** All that the processor has. */
    AUTO,
    AVX2,
    AVX512,
    AVX512_VNNI,
    AVX512_BF16;

    private static final int AVX2_BITS = 256;

    private static InstructionSet highest = AUTO;
    private static boolean used;

    /**
     * Limits this process to an instruction set. Any thread.
     *
     * @throws IllegalStateException if kernels are used already with another limit, or the
     *     processor is of another architecture
     */
    public static synchronized void limit(InstructionSet to) {
        if (to == highest) {
            return;
        }
        String architecture = System.getProperty("os.arch");
        if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
            throw new IllegalStateException(
                    "weft.inference.instruction-set is %s, which is not one of %s; allowed here is auto"
                            .formatted(to.name().toLowerCase(Locale.ROOT), architecture));
        }
        if (used) {
            throw new IllegalStateException(
                    "the instruction set can't change from %s to %s while the process runs"
                            .formatted(highest, to));
        }
        highest = to;
    }

    /** The limit; it can't change any more. */
    public static synchronized InstructionSet highest() {
        used = true;
        return highest;
    }

    /**
     * The instruction set whose vectors have that length: {@code avx2}, {@code avx512}, {@code
     * neon}, {@code sve-256}.
     */
    static String ofVectors(int bits, String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> bits == 512 ? "avx512" : bits == AVX2_BITS ? "avx2" : "sse";
            case "aarch64" -> bits == 128 ? "neon" : "sve-" + bits;
            default -> architecture + "-" + bits;
        };
    }

    /** The longest vectors of floats within the limit. */
    static VectorSpecies<Float> floats() {
        VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
        return highest() == AVX2 && preferred.vectorBitSize() > AVX2_BITS
                ? VectorSpecies.of(float.class, VectorShape.forBitSize(AVX2_BITS))
                : preferred;
    }
}
