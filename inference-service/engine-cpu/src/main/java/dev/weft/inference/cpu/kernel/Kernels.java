package dev.weft.inference.cpu.kernel;

import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.matrix.WeightChange;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.onednn.OneDnnKinds;
import dev.weft.inference.cpu.kernel.reference.ReferenceComparison;
import dev.weft.inference.cpu.kernel.reference.ReferenceLayers;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.trial.KernelChoices;
import dev.weft.inference.cpu.kernel.trial.KernelForecast;
import dev.weft.inference.cpu.kernel.trial.KernelTrial;
import dev.weft.inference.cpu.kernel.vector.Int4Layers;
import dev.weft.inference.cpu.kernel.vector.VectorLayers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the linear layers of a model, on the best kernels of this machine, and tests each against
 * the naive reference before it is used.
 */
public final class Kernels {
    private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

    /** The implementation to use. */
    public enum Choice {
        /**
         * oneDNN if the processor has instructions for the precision, else the faster of it and the
         * Vector API, measured for each shape.
         */
        AUTO,
        ONEDNN,
        VECTOR,
        REFERENCE
    }

    /** The layer that a kernel is tried on before it is chosen; its sums are cut into blocks. */
    private static final Shape PROBED = new Shape(2048, 128);

    private final Precision precision;
    private final KernelChoices choices;
    private final ReferenceComparison reference;
    private final Int4Layers int4;

    /**
     * Whether weights that are stored in 4 bits stay in 4 bits; if not, they are dequantised
     * whenever they are used.
     */
    private final boolean keepsInt4;

    /** Whether some weights stay in 4 bits. */
    private volatile boolean isInt4;

    private Kernels(
            Precision precision,
            KernelChoices choices,
            ReferenceComparison reference,
            Int4Layers int4,
            boolean keepsInt4) {
        this.precision = precision;
        this.choices = choices;
        this.reference = reference;
        this.int4 = int4;
        this.keepsInt4 = keepsInt4;
    }

    /**
     * Opens the kernels without a file that keeps what is chosen.
     *
     * @param maxRows rows of the largest batch
     * @throws IllegalStateException if ONEDNN was asked for and this machine has no fast, correct
     *     kernel of it
     */
    public static Kernels open(Choice choice, Precision precision, Team team, int maxRows) {
        return open(choice, precision, team, maxRows, null);
    }

    /**
     * Opens the kernels.
     *
     * @param maxRows rows of the largest batch
     * @param file where the choice is kept for the next start; null for nowhere
     * @throws IllegalStateException if ONEDNN was asked for and this machine has no fast, correct
     *     kernel of it
     */
    public static Kernels open(
            Choice choice, Precision precision, Team team, int maxRows, @Nullable Path file) {
        ReferenceComparison reference = new ReferenceComparison(team, maxRows);
        List<LinearLayers> candidates =
                switch (choice) {
                    case AUTO ->
                            Stream.<LinearLayers>concat(
                                            Stream.of(
                                                            OneDnnKinds.open(precision, team),
                                                            floats(precision, team))
                                                    .flatMap(Optional::stream)
                                                    .filter(kind -> isRight(kind, reference)),
                                            Stream.of(new VectorLayers(precision, team)))
                                    .toList();
                    case ONEDNN ->
                            List.of(
                                    OneDnnKinds.open(precision, team)
                                            .filter(kind -> isRight(kind, reference))
                                            .orElseThrow(() -> missing(precision)));
                    case VECTOR -> List.of(new VectorLayers(precision, team));
                    case REFERENCE -> List.of(new ReferenceLayers(precision));
                };
        KernelChoices choices = new KernelChoices(candidates, precision, team, file);
        return new Kernels(precision, choices, reference, new Int4Layers(team), true);
    }

    /** Kernels of one kind, untested, for tests and benchmarks. */
    static Kernels of(LinearLayers kind, Precision precision, Team team, int maxRows) {
        return new Kernels(
                precision,
                new KernelChoices(List.of(kind), precision, team, null),
                new ReferenceComparison(team, maxRows),
                new Int4Layers(team),
                true);
    }

    /** Kernels that compute with weights in 4 bits as dequantised floats, slowly, to compare. */
    public Kernels dequantising() {
        return new Kernels(precision, choices, reference, int4, false);
    }

    private static IllegalStateException missing(Precision precision) {
        return new IllegalStateException(
                "weft.inference.kernels is onednn, which has no fast %s kernel on this machine that computes rightly: allowed here are auto, vector and reference"
                        .formatted(precision.name().toLowerCase(Locale.ROOT)));
    }

    private static Optional<LinearLayers> floats(Precision precision, Team team) {
        return precision == Precision.BF16 ? OneDnnKinds.openFloats(team) : Optional.empty();
    }

    /** The name for descriptions, e.g. {@code onednn bf16}; complete once all is packed. */
    public String name() {
        String name = choices.names() + " " + precision.name().toLowerCase(Locale.ROOT);
        return isInt4 ? name + " and vector int4" : name;
    }

    /** The instruction sets of these kernels, e.g. {@code avx512-bf16}; complete as the name. */
    public String instructionSets() {
        return choices.instructionSets();
    }

    /** What layers run on, as far as it is known without measuring. */
    public KernelForecast forecast() {
        return choices.forecast();
    }

    /** Has the JVM's compiler begin with the kernels that may be used, while weights are packed. */
    public void begin() {
        choices.begin();
    }

    /**
     * Waits, some seconds at most, until the kernels that the JVM compiles are as fast as they
     * become, those of adapters included. Call it once all is packed.
     */
    public void ready() {
        choices.ready();
    }

    /**
     * The part of a core's peak, 0 to 1, that the slowest of these kernels reaches; empty until the
     * compiler is done, which may be after the start. Any thread may call it.
     */
    public OptionalDouble ofPeak() {
        return choices.ofPeak();
    }

    /** Chooses kernels for the shapes of a model together, before any of them is packed. */
    public void decide(Collection<Shape> shapes) {
        choices.decide(shapes);
    }

    /**
     * Packs weights {@code [out][in]}, several on top of each other as one layer.
     *
     * @param memory the memory they are packed in; it must stay open as long as the layer is used
     */
    public Linear linear(Arena memory, WeightMatrix... parts) {
        return linear(memory.allocate(bytes(parts), 64), parts);
    }

    /** Packs weights with a change added; the sum is rounded as weights are. */
    public Linear changed(Arena memory, WeightChange change, WeightMatrix... parts) {
        WeightSource source = source(change, parts);
        return layers(source).pack(memory, source);
    }

    /** Bytes that weights take once they are packed, several on top of each other. */
    public long bytes(WeightMatrix... parts) {
        WeightSource source = source(null, parts);
        if (source.grouped().isEmpty()) {
            return bytes(new Shape(source.in(), source.out()));
        }
        return keepsInt4 ? Int4Layers.bytes(source.grouped()) : 0;
    }

    /** Bytes that weights take that are packed at the precision of these kernels. */
    public long bytes(Shape shape) {
        return choices.of(shape).bytes(shape);
    }

    /**
     * All that the bytes of packed weights depend on besides the weights, in words; empty if these
     * kernels pack nothing that could be kept.
     */
    public Optional<String> layout(Shape shape) {
        return choices.of(shape)
                .layout(shape)
                .map(layout ->
                        "%s, vectors of %d floats, %s: %s"
                                .formatted(
                                        precision.name().toLowerCase(Locale.ROOT),
                                        VectorMath.LANES,
                                        System.getProperty("os.arch"),
                                        layout));
    }

    /**
     * Packs weights, several on top of each other as one layer.
     *
     * @param room {@link #bytes} of zeroed memory at a multiple of 64
     */
    public Linear linear(MemorySegment room, WeightMatrix... parts) {
        WeightSource source = source(null, parts);
        if (!source.grouped().isEmpty() && !keepsInt4) {
            return int4.dequantised(source);
        }
        if (!source.grouped().isEmpty()) {
            isInt4 = true;
            return int4.pack(room, source.grouped());
        }
        return layers(source).pack(room, source);
    }

    /**
     * A layer that was packed before, by kernels with the same {@link #layout}.
     *
     * @param room the packed weights, at a multiple of 64; only read
     */
    public Linear packed(MemorySegment room, Shape shape) {
        return choices.of(shape).packed(room, shape);
    }

    private static WeightSource source(@Nullable WeightChange change, WeightMatrix... parts) {
        return new WeightSource(List.of(parts), change);
    }

    private LinearLayers layers(WeightSource source) {
        return choices.of(new Shape(source.in(), source.out()));
    }

    /**
     * Compares a layer with the reference on a sample of its outputs, for one row and for a full
     * batch.
     *
     * @throws IllegalStateException if they differ by more than rounding explains
     */
    public void selfTest(String name, Linear linear, WeightMatrix... parts) {
        double error = reference.worstError(linear, source(null, parts));
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
     * Whether a layer of random weights has the reference's results. In int8 oneDNN adds up pairs
     * of products in 16 bits on processors without VNNI, and these overflow.
     */
    private static boolean isRight(LinearLayers layers, ReferenceComparison reference) {
        try (Arena arena = Arena.ofShared()) {
            Tensor weights = KernelTrial.weights(arena, PROBED);
            WeightSource source = new WeightSource(List.of(weights), null);
            try (Linear linear = layers.pack(arena, source)) {
                double error = reference.worstError(linear, source);
                if (!(error < ReferenceComparison.TOLERANCE)) {
                    LOG.info(
                            "{} is not used: its kernel for {} is off by {} of a result's size"
                                    + " here",
                            layers.name(),
                            linear.inputs(),
                            error);
                    return false;
                }
                return true;
            }
        }
    }
}
