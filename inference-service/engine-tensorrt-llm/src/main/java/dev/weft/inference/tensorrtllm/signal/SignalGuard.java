package dev.weft.inference.tensorrtllm.signal;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads native libraries that set signal handlers. TensorRT-LLM starts MPI, which sets handlers for
 * SIGSEGV and SIGABRT by {@code signal} that end the process. UCX below it sets four more, and
 * bypasses every preloaded library.
 *
 * <p>While they load, libjsig keeps MPI's handlers from the kernel, and an empty {@code
 * UCX_ERROR_SIGNALS} has UCX set none. Afterwards all handlers are as they were before, so that a
 * crash ends in the JVM's report and not in MPI_Abort.
 */
public final class SignalGuard {
    private static final Logger LOG = LoggerFactory.getLogger(SignalGuard.class);

    /** A function that libjsig alone has; HotSpot looks for it too. */
    private static final String MARK = "JVM_begin_signal_setting";

    private SignalGuard() {}

    /** The reason why libraries that set handlers may not be loaded; empty if they may. */
    public static Optional<String> lack() {
        if (!GlobalSymbols.find(MARK).equals(MemorySegment.NULL)) {
            return Optional.empty();
        }
        Path library = Path.of(System.getProperty("java.home"), "lib", "libjsig.so");
        return Optional.of(
                "TensorRT-LLM's MPI takes the signal SIGSEGV, which the JVM lives on, and libjsig"
                        + " is not loaded, which keeps it for the JVM: start the process with"
                        + " LD_PRELOAD="
                        + library
                        + " in its environment, as ./weft and the image do");
    }

    /**
     * Runs a load; then all handlers are as they were before, even if it fails.
     *
     * @throws IllegalStateException if {@link #lack} says why not
     */
    public static void guard(Runnable load) {
        lack().ifPresent(lack -> {
            throw new IllegalStateException(lack);
        });
        NativeVariable.UCX_ERROR_SIGNALS.setUnlessSet("");
        Map<WatchedSignal, SignalActions.Action> told = read(SignalActions.AS_TOLD);
        Map<WatchedSignal, SignalActions.Action> known = read(SignalActions.OF_KERNEL);
        try {
            load.run();
        } finally {
            List<String> bypassed = restore(SignalActions.OF_KERNEL, known, true);
            List<String> others = restore(SignalActions.OF_KERNEL, known, false);
            others.addAll(restore(SignalActions.AS_TOLD, told, true));
            tell(bypassed, others);
        }
    }

    private static Map<WatchedSignal, SignalActions.Action> read(SignalActions view) {
        Map<WatchedSignal, SignalActions.Action> all = new EnumMap<>(WatchedSignal.class);
        for (WatchedSignal signal : WatchedSignal.values()) {
            all.put(signal, view.read(signal));
        }
        return all;
    }

    /**
     * Restores the handlers that have changed.
     *
     * @param needed true for signals that the JVM needs, false for the others
     * @return each restored signal, and the owner of the handler that it had
     */
    private static List<String> restore(
            SignalActions view, Map<WatchedSignal, SignalActions.Action> before, boolean needed) {
        List<String> changed = new ArrayList<>();
        before.forEach((signal, action) -> {
            long now = view.read(signal).handler();
            if (signal.neededByTheJvm() == needed && now != action.handler()) {
                view.write(signal, action);
                changed.add(signal + " of " + MappedFiles.owner(now));
            }
        });
        return changed;
    }

    private static void tell(List<String> bypassed, List<String> others) {
        if (!bypassed.isEmpty()) {
            LOG.warn(
                    "handlers were set past libjsig and are taken back: {}; the JVM would have died"
                            + " of one while they were there",
                    bypassed);
        }
        if (!others.isEmpty()) {
            LOG.debug(
                    "handlers were set and are taken back: {}",
                    others.stream().distinct().collect(Collectors.joining(", ")));
        }
    }
}
