package dev.weft.inference.cpu.kernel.trial;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.team.Team;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks one of several kinds of kernels for each shape. The kind that the processor has
 * instructions for is taken first; if the JVM's compiler does not optimise, one that needs no
 * compiler. Other choices are measured, once per machine.
 */
public final class KernelChoices {
    private static final Logger LOG = LoggerFactory.getLogger(KernelChoices.class);

    private final List<LinearLayers> candidates;
    private final Optional<LinearLayers> settled;
    private final String precision;
    private final KernelRecord kept;
    private final KernelTrial trial;
    private final Map<Shape, LinearLayers> chosen = new ConcurrentHashMap<>();

    /**
     * Nothing is chosen yet.
     *
     * @param candidates at least one; all are right
     * @param file where choices are kept; null for nowhere
     */
    public KernelChoices(
            List<LinearLayers> candidates, Precision precision, Team team, @Nullable Path file) {
        this(candidates, precision, team, file, OptimisingCompiler.isAllowed());
    }

    /**
     * @param optimises whether the JVM may optimise what it compiles
     */
    KernelChoices(
            List<LinearLayers> candidates,
            Precision precision,
            Team team,
            @Nullable Path file,
            boolean optimises) {
        this.candidates = List.copyOf(candidates);
        this.settled = settled(this.candidates, optimises);
        this.precision = precision.name().toLowerCase(Locale.ROOT);
        this.kept = new KernelRecord(file, Processor.describe(team.size()));
        this.trial = new KernelTrial(team);
    }

    /**
     * The kernels of a shape; a shape that nobody {@linkplain #decide decided} on may be measured
     * now.
     */
    public LinearLayers of(Shape shape) {
        if (!chosen.containsKey(shape)) {
            decide(List.of(shape));
        }
        return Objects.requireNonNull(chosen.get(shape));
    }

    /**
     * Chooses for the shapes of a model together, measuring those that were not measured on this
     * machine. If one shape takes less exact kernels, the model's results are less exact anyway, so
     * each shape takes its fastest kernels.
     */
    public synchronized void decide(Collection<Shape> shapes) {
        Map<Shape, KernelTimes> measured = new LinkedHashMap<>();
        for (Shape shape : shapes) {
            if (settled.isPresent()) {
                chosen.put(shape, serving(shape, settled.get()));
            } else if (!chosen.containsKey(shape)) {
                measured.computeIfAbsent(shape, this::times);
            }
        }
        kept.write();
        // times that another worker of this machine has measured in the meantime hold for both
        measured.replaceAll((shape, times) -> before(shape).orElse(times));
        chosen.putAll(together(measured, chosen.values()));
    }

    /** A kind if it serves a shape, else the first that does. */
    private LinearLayers serving(Shape shape, LinearLayers kind) {
        return Stream.concat(Stream.of(kind), candidates.stream())
                .filter(layers -> layers.serves(shape))
                .findFirst()
                .orElse(kind);
    }

    /** The kinds of the measured shapes, given the kinds that other shapes have. */
    static <S> Map<S, LinearLayers> together(
            Map<S, KernelTimes> measured, Collection<LinearLayers> others) {
        boolean rounds =
                Stream.concat(
                                others.stream(),
                                measured.values().stream().map(KernelTimes::preferred))
                        .anyMatch(kind -> kind.leastGain() > 1);
        Map<S, LinearLayers> kinds = new HashMap<>();
        measured.forEach(
                (shape, times) -> kinds.put(shape, rounds ? times.fastest() : times.preferred()));
        return kinds;
    }

    private KernelTimes times(Shape shape) {
        Optional<KernelTimes> before = before(shape);
        if (before.isPresent()) {
            return before.get();
        }
        new CompiledKernels(precision, candidates).awaitAll();
        KernelTimes times = trial.times(candidates, shape);
        LOG.info("{} kernels for {}: {}", precision, shape, times);
        kept.put(key(shape), times.kept());
        return times;
    }

    private Optional<KernelTimes> before(Shape shape) {
        return kept.get(key(shape)).flatMap(text -> KernelTimes.read(text, candidates));
    }

    private String key(Shape shape) {
        return precision + "." + shape;
    }

    /**
     * The kind that is taken for all shapes; empty if they are measured. If the JVM may not
     * optimise the kernels that it compiles, they are slower by orders of magnitude, and to measure
     * them takes minutes. Then the first kind that needs no compiler is taken, or the first of all.
     */
    private static Optional<LinearLayers> settled(
            List<LinearLayers> candidates, boolean optimises) {
        Optional<LinearLayers> known =
                candidates.stream()
                        .filter(layers ->
                                layers.isNative() || !(optimises || layers.isCompiledAsItRuns()))
                        .findFirst();
        boolean measured = optimises && candidates.size() > 1;
        return measured ? known : known.or(() -> Optional.of(candidates.getFirst()));
    }

    /**
     * The kernels of shapes in a JVM that optimises, as far as they are known without measuring.
     * The caller's own JVM need not optimise.
     */
    public KernelForecast forecast() {
        Optional<LinearLayers> known = settled(candidates, true);
        if (known.isPresent()) {
            LinearLayers kind = known.get();
            return new KernelForecast.Settled(kind.name(), kind.isNative());
        }
        Map<String, KernelTimes> before = new LinkedHashMap<>();
        kept.startingWith(precision + ".")
                .forEach((shape, text) ->
                        KernelTimes.read(text, candidates)
                                .ifPresent(times -> before.put(shape, times)));
        Map<String, String> kinds = new TreeMap<>();
        together(before, List.of()).forEach((shape, kind) -> kinds.put(shape, kind.name()));
        return new KernelForecast.ByShape(
                candidates.stream().map(LinearLayers::name).toList(), kinds);
    }

    /**
     * The instruction sets of the kinds in use or, before a choice, of those that may be: e.g.
     * {@code avx512-bf16}.
     */
    public String instructionSets() {
        Collection<LinearLayers> kinds =
                chosen.isEmpty() ? settled.map(List::of).orElse(candidates) : chosen.values();
        return kinds.stream()
                .map(LinearLayers::instructionSet)
                .distinct()
                .sorted()
                .collect(Collectors.joining("+"));
    }

    /** Kinds in use, e.g. {@code onednn} or {@code onednn+vector x8}. */
    public String names() {
        return chosen.values().stream()
                .map(LinearLayers::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining("+"));
    }

    /**
     * Has the JVM's compiler begin with the kernels that may be used, on a thread of its own while
     * weights are packed.
     */
    public void begin() {
        new CompiledKernels(precision, settled.map(List::of).orElse(candidates)).begin();
    }

    /**
     * Waits until the kernels that the JVM compiles are as fast as they become, a few seconds at
     * most: those of adapters, and those of the base that are in use. The log says later if the
     * compiler has made slow code of one.
     */
    public void ready() {
        inUse().await();
    }

    /**
     * The part of a core's peak that the slowest of these kernels reaches; empty until the compiler
     * is done.
     */
    public OptionalDouble ofPeak() {
        return inUse().ofPeak();
    }

    private CompiledKernels inUse() {
        return new CompiledKernels(precision, chosen.values().stream().distinct().toList());
    }
}
