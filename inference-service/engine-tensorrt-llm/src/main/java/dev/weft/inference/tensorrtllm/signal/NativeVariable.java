package dev.weft.inference.tensorrtllm.signal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Variables of the environment as native libraries read them; {@link System#getenv} stays as it
 * was.
 */
@SuppressWarnings("restricted")
enum NativeVariable {
    /** Signals that UCX takes, with commas between them; four if it is not set. */
    UCX_ERROR_SIGNALS;

    private static final MethodHandle SETENV =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("setenv"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT));

    static {
        System.getenv(); // the JDK copies the variables when it is first asked
    }

    /** Sets the variable, unless it is set already, as by whoever started the process. */
    void setUnlessSet(String value) {
        int result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    (int)
                            SETENV.invokeExact(
                                    arena.allocateFrom(name()), arena.allocateFrom(value), 0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (result != 0) {
            throw new IllegalStateException("the variable " + name() + " can't be set");
        }
    }
}
