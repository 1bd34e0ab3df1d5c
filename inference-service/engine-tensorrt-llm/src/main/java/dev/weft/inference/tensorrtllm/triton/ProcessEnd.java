package dev.weft.inference.tensorrtllm.triton;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/**
 * The end of this process, at once. {@link Runtime#halt} is not enough beside native libraries that
 * hang: HotSpot ends by C's {@code exit}, which runs their handlers, MPI_Finalize among them.
 */
public final class ProcessEnd {
    private ProcessEnd() {}

    /** Ends the process by POSIX {@code _exit}: nothing is run any more. */
    @SuppressWarnings("restricted")
    public static void now(int status) {
        Linker linker = Linker.nativeLinker();
        try {
            linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("_exit"),
                            FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
                    .invokeExact(status);
        } catch (Throwable e) {
            throw Memory.unexpected(e);
        }
    }
}
