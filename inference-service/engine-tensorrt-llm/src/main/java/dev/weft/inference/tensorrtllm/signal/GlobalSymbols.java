package dev.weft.inference.tensorrtllm.signal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Symbols as a library of this process finds them: preloaded libraries come first. */
@SuppressWarnings("restricted")
final class GlobalSymbols {
    private static final MethodHandle DLSYM =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("dlsym"),
                            FunctionDescriptor.of(
                                    ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));

    /** {@code RTLD_DEFAULT} of glibc. */
    private static final MemorySegment ALL = MemorySegment.NULL;

    private GlobalSymbols() {}

    /** The address of a symbol, or {@link MemorySegment#NULL}. */
    static MemorySegment find(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (MemorySegment) DLSYM.invokeExact(ALL, arena.allocateFrom(name));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
