package dev.weft.inference.cpu.kernel;

import dev.weft.model.safetensors.Tensor;
import java.util.List;
import java.util.Optional;
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
        /** oneDNN where it has a fast bf16 kernel for this machine, else the Vector API. */
        AUTO,
        ONEDNN,
        VECTOR,
        REFERENCE
    }

    private final Choice choice;
    private final Team team;
    private final int maxRows;
    private final @Nullable OneDnn dnn;
    private final @Nullable OneDnnProducts products;

    private Kernels(Choice choice, Team team, int maxRows, @Nullable OneDnn dnn) {
        this.choice = choice;
        this.team = team;
        this.maxRows = maxRows;
        this.dnn = dnn;
        this.products = dnn == null ? null : new OneDnnProducts(dnn, team.size());
    }

    /**
     * Chooses.
     *
     * @param maxRows rows of the largest batch
     * @throws IllegalStateException where ONEDNN was asked for and this machine has no fast kernel
     */
    public static Kernels open(Choice choice, Team team, int maxRows) {
        if (choice == Choice.VECTOR || choice == Choice.REFERENCE) {
            return new Kernels(choice, team, maxRows, null);
        }
        Optional<OneDnn> dnn = OneDnn.load().filter(Kernels::hasFastKernel);
        if (dnn.isEmpty() && choice == Choice.ONEDNN) {
            throw new IllegalStateException(
                    "oneDNN was asked for and has no fast bf16 kernel on this machine");
        }
        Choice taken = dnn.isPresent() ? Choice.ONEDNN : Choice.VECTOR;
        return new Kernels(taken, team, maxRows, dnn.orElse(null));
    }

    /** For descriptions, e.g. {@code onednn bf16}. */
    public String name() {
        return switch (choice) {
            case AUTO, ONEDNN -> "onednn bf16";
            case VECTOR -> "vector bf16 x" + VectorMath.LANES;
            case REFERENCE -> "reference";
        };
    }

    /** Packs weights {@code [out][in]}, several on top of each other as one layer. */
    public Linear linear(Tensor... parts) {
        WeightSource source = new WeightSource(List.of(parts));
        return switch (choice) {
            case AUTO, ONEDNN -> oneDnn(source);
            case VECTOR -> new VectorLinear(source, RowBuckets.ceiling(maxRows));
            case REFERENCE -> new ReferenceLinear(source);
        };
    }

    /**
     * Compares a layer with the reference on a sample of its outputs, for one row and for a full
     * batch.
     *
     * @throws IllegalStateException where they differ by more than rounding explains
     */
    public void selfTest(String name, Linear linear, Tensor... parts) {
        double error =
                new SelfTest(team, maxRows).worstError(linear, new WeightSource(List.of(parts)));
        LOG.debug("self-test of {}: relative error {}", name, error);
        if (!(error < SelfTest.TOLERANCE)) {
            throw new IllegalStateException(
                    "self-test failed: "
                            + name
                            + " on "
                            + name()
                            + " differs from the reference by "
                            + error
                            + " of its size; allowed is "
                            + SelfTest.TOLERANCE);
        }
    }

    private Linear oneDnn(WeightSource source) {
        if (dnn == null || products == null) {
            throw new IllegalStateException("oneDNN is not loaded");
        }
        return new OneDnnLinear(dnn, products, source, team);
    }

    private static boolean hasFastKernel(OneDnn dnn) {
        try {
            dnn.stream();
            OneDnnProduct.prepare(
                    dnn,
                    new OneDnnProduct.Key(16, 256, 256, 256),
                    OneDnnProduct.anyWeights(256, 256));
            return true;
        } catch (RuntimeException e) {
            LOG.info("oneDNN is not used: {}", e.getMessage());
            return false;
        }
    }
}
