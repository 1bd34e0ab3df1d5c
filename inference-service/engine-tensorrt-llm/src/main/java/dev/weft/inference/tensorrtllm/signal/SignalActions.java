package dev.weft.inference.tensorrtllm.signal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * One view of this process's signal handlers: the kernel's, or the one that libraries are told. The
 * two differ if libjsig is preloaded, since it keeps from the kernel what libraries set for the
 * JVM's signals. Any thread.
 */
@SuppressWarnings("restricted")
final class SignalActions {
    /** Bytes of glibc's {@code struct sigaction}: handler, mask, flags, restorer. */
    private static final int BYTES = 152;

    private static final FunctionDescriptor SIGACTION =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS);

    /** The view of the C library's own {@code sigaction}, even if another one was preloaded. */
    static final SignalActions OF_KERNEL =
            new SignalActions(
                    SymbolLookup.libraryLookup("libc.so.6", Arena.global())
                            .findOrThrow("sigaction"));

    /** The view of the {@code sigaction} that libraries find: libjsig's, if it was preloaded. */
    static final SignalActions AS_TOLD = new SignalActions(GlobalSymbols.find("sigaction"));

    private final MethodHandle sigaction;

    private SignalActions(MemorySegment function) {
        this.sigaction = Linker.nativeLinker().downcallHandle(function, SIGACTION);
    }

    /** What happens on a signal: the C library's structure. */
    record Action(MemorySegment structure) {
        /**
         * Address of the handler; 0 is the system's default, 1 means that the signal is ignored.
         */
        long handler() {
            return structure.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    Action read(WatchedSignal signal) {
        MemorySegment structure = Arena.ofAuto().allocate(BYTES, Long.BYTES);
        call(signal, MemorySegment.NULL, structure);
        return new Action(structure);
    }

    void write(WatchedSignal signal, Action action) {
        call(signal, action.structure(), MemorySegment.NULL);
    }

    private void call(WatchedSignal signal, MemorySegment set, MemorySegment get) {
        int result;
        try {
            result = (int) sigaction.invokeExact(signal.number(), set, get);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (result != 0) {
            throw new IllegalStateException("sigaction of " + signal + " failed");
        }
    }
}
