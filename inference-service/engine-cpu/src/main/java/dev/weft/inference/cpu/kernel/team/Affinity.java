package dev.weft.inference.cpu.kernel.team;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Binds threads to processors, on Linux. Threads that a bound thread starts later are bound, too.
 * Any thread.
 */
final class Affinity {
    /** Bytes of a set of processors: 8,192 of them. */
    private static final int SET_BYTES = 1024;

    /** The calling thread, for the system. */
    private static final int SELF = 0;

    private final MethodHandle get;
    private final MethodHandle set;
    private final ProcessorCores cores;

    private Affinity(MethodHandle get, MethodHandle set, ProcessorCores cores) {
        this.get = get;
        this.set = set;
        this.cores = cores;
    }

    /** Empty if the system has no such calls. */
    static Optional<Affinity> find() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        return Optional.of(
                new Affinity(
                        call("sched_getaffinity"),
                        call("sched_setaffinity"),
                        new ProcessorCores(ProcessorCores.LINUX)));
    }

    @SuppressWarnings("restricted") // the JVM has no call for it
    private static MethodHandle call(String name) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup system = linker.defaultLookup();
        return linker.downcallHandle(
                system.findOrThrow(name),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS));
    }

    /**
     * The processors that the calling thread may use, one of each core before the second ones of
     * any; empty if the system does not say.
     */
    List<Integer> processors() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(SET_BYTES, Long.BYTES);
            if (call(get, mask) != 0) {
                return List.of();
            }
            List<Integer> allowed = new ArrayList<>();
            for (int i = 0; i < 8 * SET_BYTES; i++) {
                if ((mask.get(ValueLayout.JAVA_BYTE, i / 8) >> i % 8 & 1) != 0) {
                    allowed.add(i);
                }
            }
            allowed.sort(Comparator.comparingInt(cores::place));
            return allowed;
        }
    }

    /** Binds the calling thread to a processor; returns whether the system has done so. */
    boolean bind(int processor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(SET_BYTES, Long.BYTES);
            mask.set(ValueLayout.JAVA_BYTE, processor / 8, (byte) (1 << processor % 8));
            return call(set, mask) == 0;
        }
    }

    private static int call(MethodHandle handle, MemorySegment mask) {
        try {
            return (int) handle.invokeExact(SELF, (long) SET_BYTES, mask);
        } catch (Throwable e) {
            throw new IllegalStateException("sched_getaffinity or sched_setaffinity failed", e);
        }
    }
}
