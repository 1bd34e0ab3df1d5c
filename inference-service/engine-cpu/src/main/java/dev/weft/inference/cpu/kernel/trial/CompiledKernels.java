package dev.weft.inference.cpu.kernel.trial;

import dev.weft.inference.cpu.kernel.matrix.LinearLayers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels that the JVM compiles: those of adapters and those of linear layers. Each kind is warmed
 * up once in a process, on a thread of its own; its code stays for the whole process.
 */
final class CompiledKernels {
    private static final Logger LOG = LoggerFactory.getLogger(CompiledKernels.class);

    /**
     * How long a start waits. The compiler needs two seconds on two cores with nothing else to do;
     * if it has no core, waiting gives it none.
     */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    /** A wait that is longer is told to the log. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(10);

    /** The longest wait for a warm-up, which ends before. */
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(2);

    private static final Map<String, CompletableFuture<WarmUp.Speed>> SPEEDS =
            new ConcurrentHashMap<>();

    private final List<Kind> kinds = new ArrayList<>();

    /**
     * The kernels of adapters, and those of the layers that are compiled as they run, if in part.
     */
    CompiledKernels(String precision, List<LinearLayers> layers) {
        kinds.add(new Kind("adapters, in front of a rank", Workbench::inFrontOfRank));
        kinds.add(new Kind("adapters, behind a rank", Workbench::behindRank));
        for (LinearLayers kind : layers) {
            if (kind.mayCompileSingleRow()) {
                String name = "the base, " + kind.name() + " " + precision;
                kinds.add(new Kind(name, bench -> bench.base(kind)));
            }
        }
    }

    private record Kind(String name, Function<Workbench, WarmUp.Work> work) {
        private boolean isNew() {
            return SPEEDS.putIfAbsent(name, new CompletableFuture<>()) == null;
        }

        /** The speed of a kind whose warm-up has begun. */
        private CompletableFuture<WarmUp.Speed> speed() {
            return Objects.requireNonNull(SPEEDS.get(name));
        }

        private boolean isDone() {
            CompletableFuture<WarmUp.Speed> speed = SPEEDS.get(name);
            return speed != null && speed.isDone();
        }
    }

    /** Begins to warm up the kinds that nobody has begun with, on a thread of its own. */
    void begin() {
        List<Kind> fresh = kinds.stream().filter(Kind::isNew).toList();
        if (!fresh.isEmpty()) {
            Thread.ofPlatform().name("weft-warm-up").daemon().start(() -> warm(fresh));
        }
    }

    /** Waits until all are as fast as they become, a few seconds at most. */
    void await() {
        await(LONGEST_WAIT);
    }

    /** Waits until all are as fast as they become, as they must be before they are measured. */
    void awaitAll() {
        await(LONG_WAIT);
        List<String> slow = kinds.stream().filter(kind -> !kind.isDone()).map(Kind::name).toList();
        if (!slow.isEmpty()) {
            LOG.info(
                    "The start waits for the JVM's compiler, whose code of these kernels is still"
                            + " slow: {}",
                    slow);
        }
        await(LONGEST_WARM_UP.minus(LONG_WAIT));
    }

    private void await(Duration longest) {
        begin();
        CompletableFuture<?>[] speeds =
                kinds.stream().map(Kind::speed).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(speeds)
                .completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /**
     * The part of a core's peak that the slowest of them reaches; empty until all are warmed up,
     * and without those whose warm-up failed.
     */
    OptionalDouble ofPeak() {
        if (!kinds.stream().allMatch(Kind::isDone)) {
            return OptionalDouble.empty();
        }
        return kinds.stream()
                .map(Kind::speed)
                .filter(speed -> !speed.isCompletedExceptionally())
                .map(CompletableFuture::join)
                .filter(WarmUp.Speed::isMeasured)
                .mapToDouble(WarmUp.Speed::ofPeak)
                .min();
    }

    private static void warm(List<Kind> kinds) {
        if (!OptimisingCompiler.isAllowed()) {
            LOG.warn(
                    "The JVM may not optimise its code (-XX:TieredStopAtLevel, -Xint): kernels that"
                            + " it compiles take ten times as long or more.");
        }
        try (Workbench bench = new Workbench()) {
            List<WarmUp.Speed> speeds =
                    WarmUp.run(kinds.stream().map(kind -> kind.work.apply(bench)).toList());
            for (int i = 0; i < kinds.size(); i++) {
                tell(kinds.get(i).name, speeds.get(i));
                kinds.get(i).speed().complete(speeds.get(i));
            }
        } catch (RuntimeException | Error e) {
            kinds.forEach(kind -> kind.speed().completeExceptionally(e));
            throw e;
        }
    }

    private static void tell(String kernels, WarmUp.Speed speed) {
        LOG.debug("{}: {}", kernels, speed);
        if (!speed.isGood() && OptimisingCompiler.isAllowed()) {
            LOG.warn(
                    "The JVM's compiler has made slow code of the kernels of {}: a thread"
                        + " multiplies several rows at {} GFLOP/s and one row at {}, and could at"
                        + " {}. A restart may help.",
                    kernels,
                    Math.round(speed.product()),
                    Math.round(speed.row()),
                    Math.round(speed.peak()));
        }
    }
}
