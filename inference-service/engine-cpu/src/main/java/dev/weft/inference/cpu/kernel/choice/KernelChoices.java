package dev.weft.inference.cpu.kernel.choice;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.team.Team;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks one of several kinds of kernels for each shape: those that the processor has instructions
 * for, else by measuring, once per machine.
 */
public final class KernelChoices {
    private static final Logger LOG = LoggerFactory.getLogger(KernelChoices.class);

    /**
     * How many times as fast kernels must be that round inputs, to be taken instead of those that
     * don't.
     */
    private static final double WORTH_ROUNDING = 1.5;

    private final List<LinearLayers> candidates;
    private final String precision;
    private final KernelRecord kept;
    private final KernelTrial trial;
    private final Map<Shape, LinearLayers> chosen = new ConcurrentHashMap<>();

    /**
     * Choices that are open yet.
     *
     * @param candidates at least one; all are right
     * @param file where choices are kept; null for nowhere
     */
    public KernelChoices(
            List<LinearLayers> candidates, Precision precision, Team team, @Nullable Path file) {
        this.candidates = List.copyOf(candidates);
        this.precision = precision.name().toLowerCase(Locale.ROOT);
        String names = candidates.stream().map(LinearLayers::name).toList().toString();
        String rule = " " + names + ", rounded if " + WORTH_ROUNDING + " times as fast";
        this.kept = new KernelRecord(file, Processor.describe(team.size()) + rule);
        this.trial = new KernelTrial(team);
    }

    /** The kernels of a shape; the first call with a shape may measure. */
    public LinearLayers of(Shape shape) {
        return chosen.computeIfAbsent(shape, this::choose);
    }

    private LinearLayers choose(Shape shape) {
        Optional<LinearLayers> known = settled();
        if (known.isPresent()) {
            return known.get();
        }
        String key = precision + "." + shape;
        Optional<LinearLayers> before = kept.get(key).flatMap(this::named);
        if (before.isPresent()) {
            return before.get();
        }
        new CompiledKernels(precision, candidates).awaitAll();
        List<KernelTrial.Time> times = trial.times(candidates, shape);
        LOG.info("{} kernels for {}: {}", precision, shape, times);
        LinearLayers best = best(times);
        kept.put(key, best.name());
        return best;
    }

    /** The fastest, or one that is nearly as fast and more exact. */
    static LinearLayers best(List<KernelTrial.Time> fastestFirst) {
        KernelTrial.Time fastest = fastestFirst.getFirst();
        return fastestFirst.stream()
                .filter(time -> !time.layers().roundsInputs())
                .filter(time -> time.microseconds() < WORTH_ROUNDING * fastest.microseconds())
                .findFirst()
                .orElse(fastest)
                .layers();
    }

    /** The kind that is taken for all shapes; empty if they are measured. */
    private Optional<LinearLayers> settled() {
        return candidates.stream()
                .filter(layers -> candidates.size() == 1 || layers.isNative())
                .findFirst();
    }

    /** What shapes run on, as far as it is known without measuring. */
    public KernelForecast forecast() {
        Optional<LinearLayers> known = settled();
        if (known.isPresent()) {
            return new KernelForecast.Settled(known.get().name(), known.get().isNative());
        }
        Map<String, String> before = kept.startingWith(precision + ".");
        before.values().removeIf(name -> named(name).isEmpty());
        return new KernelForecast.ByShape(
                candidates.stream().map(LinearLayers::name).toList(), before);
    }

    /** The instruction sets of the kinds in use, or that may be: e.g. {@code avx512-bf16}. */
    public String instructionSets() {
        Collection<LinearLayers> kinds =
                chosen.isEmpty() ? settled().map(List::of).orElse(candidates) : chosen.values();
        return kinds.stream()
                .map(LinearLayers::instructionSet)
                .distinct()
                .sorted()
                .collect(Collectors.joining("+"));
    }

    private Optional<LinearLayers> named(String name) {
        return candidates.stream().filter(layers -> layers.name().equals(name)).findFirst();
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
     * Has the JVM's compiler begin with what may be used, on a thread of its own while weights are
     * packed.
     */
    public void begin() {
        boolean known = candidates.stream().anyMatch(LinearLayers::isNative);
        new CompiledKernels(precision, known ? List.of() : candidates).begin();
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
