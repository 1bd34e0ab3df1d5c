package dev.weft.inference.cpu.kernel;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.WeightChange;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.onednn.OneDnnLayers;
import dev.weft.inference.cpu.kernel.reference.ReferenceComparison;
import dev.weft.inference.cpu.kernel.reference.ReferenceLinear;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.VectorLayers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the linear layers of a model, on the best kernels of this machine, and tests each against
 * the naive reference before it is used.
 */
public final class Kernels {
    private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

    /** Which implementation to use. */
    public enum Choice {
        /** oneDNN if it has a fast bf16 kernel for this machine, else the Vector API. */
        AUTO,
        ONEDNN,
        VECTOR,
        REFERENCE
    }

    /** Inputs, and outputs, of the layer that a kernel is tried on before it is chosen. */
    private static final int PROBED = 256;

    private final Choice choice;
    private final Precision precision;
    private final Team team;
    private final int maxRows;
    private final @Nullable OneDnnLayers oneDnn;
    private final VectorLayers vector;

    private Kernels(
            Choice choice,
            Precision precision,
            Team team,
            int maxRows,
            @Nullable OneDnnLayers oneDnn) {
        this.choice = choice;
        this.precision = precision;
        this.team = team;
        this.maxRows = maxRows;
        this.oneDnn = oneDnn;
        this.vector = new VectorLayers(precision, team);
    }

    /**
     * Chooses the kernels.
     *
     * @param maxRows rows of the largest batch
     * @throws IllegalStateException if ONEDNN was asked for and this machine has no fast, correct
     *     kernel of it
     */
    public static Kernels open(Choice choice, Precision precision, Team team, int maxRows) {
        if (choice == Choice.VECTOR || choice == Choice.REFERENCE) {
            return new Kernels(choice, precision, team, maxRows, null);
        }
        Optional<Kernels> oneDnn =
                OneDnnLayers.open(precision, team)
                        .map(on -> new Kernels(Choice.ONEDNN, precision, team, maxRows, on))
                        .filter(Kernels::isRight);
        if (oneDnn.isEmpty() && choice == Choice.ONEDNN) {
            throw new IllegalStateException(
                    "oneDNN was asked for and has no fast kernel in "
                            + precision
                            + " on this machine that computes rightly");
        }
        return oneDnn.orElseGet(() -> new Kernels(Choice.VECTOR, precision, team, maxRows, null));
    }

    /** The precision that linear layers are asked for; some may keep bf16 if int8 hurts. */
    public Precision precision() {
        return precision;
    }

    /** The name for descriptions, e.g. {@code onednn bf16}. */
    public String name() {
        String numbers = precision.name().toLowerCase(Locale.ROOT);
        return switch (choice) {
            case AUTO, ONEDNN -> "onednn " + numbers;
            case VECTOR -> "vector " + numbers + " x" + VectorMath.LANES;
            case REFERENCE -> "reference " + numbers;
        };
    }

    /**
     * Packs weights {@code [out][in]}, several on top of each other as one layer.
     *
     * @param memory the memory they are packed in; it must stay open as long as the layer is used
     */
    public Linear linear(Arena memory, Tensor... parts) {
        return pack(memory, new WeightSource(List.of(parts), null));
    }

    /** Packs weights with a change added; the sum is rounded as weights are. */
    public Linear changed(Arena memory, WeightChange change, Tensor... parts) {
        return pack(memory, new WeightSource(List.of(parts), change));
    }

    private Linear pack(Arena memory, WeightSource source) {
        return switch (choice) {
            case AUTO, ONEDNN -> oneDnn(memory, source);
            case VECTOR -> vector.pack(memory, source);
            case REFERENCE -> new ReferenceLinear(source, precision);
        };
    }

    /**
     * Compares a layer with the reference on a sample of its outputs, for one row and for a full
     * batch.
     *
     * @throws IllegalStateException if they differ by more than rounding explains
     */
    public void selfTest(String name, Linear linear, Tensor... parts) {
        double error =
                new ReferenceComparison(team, maxRows)
                        .worstError(linear, new WeightSource(List.of(parts), null));
        LOG.debug("self-test of {}: relative error {}", name, error);
        if (!(error < ReferenceComparison.TOLERANCE)) {
            throw new IllegalStateException(
                    "self-test failed: "
                            + name
                            + " on "
                            + name()
                            + " differs from the reference by "
                            + error
                            + " of its size; allowed is "
                            + ReferenceComparison.TOLERANCE);
        }
    }

    /**
     * Whether a layer of random weights passes the self-test. In int8 oneDNN adds up pairs of
     * products in 16 bits on processors without VNNI, and these overflow.
     */
    private boolean isRight() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment data = arena.allocate((long) PROBED * PROBED * Short.BYTES, 64);
            SplittableRandom random = new SplittableRandom(3);
            for (long i = 0; i < (long) PROBED * PROBED; i++) {
                data.setAtIndex(ValueLayout.JAVA_SHORT, i, Bf16.of((float) random.nextGaussian()));
            }
            List<Long> shape = List.of((long) PROBED, (long) PROBED);
            Tensor weights = new Tensor("random weights", DType.BF16, shape, data);
            try (Linear linear = linear(arena, weights)) {
                selfTest(weights.name(), linear, weights);
                return true;
            }
        } catch (IllegalStateException e) {
            LOG.info("oneDNN is not used: {}", e.getMessage());
            return false;
        }
    }

    private Linear oneDnn(Arena memory, WeightSource source) {
        if (oneDnn == null) {
            throw new IllegalStateException("oneDNN is not loaded");
        }
        return oneDnn.pack(memory, source);
    }
}
