package dev.weft.inference.tensorrtllm.triton;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A C library that programs run on.
 *
 * @param glibc its version as glibc names it, e.g. 2.36; nothing for another library
 */
record CLibrary(Optional<String> glibc) {
    /** The C library of this process. */
    @SuppressWarnings("restricted")
    static CLibrary ofThisProcess() {
        Linker linker = Linker.nativeLinker();
        return new CLibrary(
                linker.defaultLookup()
                        .find("gnu_get_libc_version")
                        .map(address ->
                                linker.downcallHandle(
                                        address, FunctionDescriptor.of(ValueLayout.ADDRESS)))
                        .map(call -> {
                            try {
                                MemorySegment text = (MemorySegment) call.invokeExact();
                                return Memory.text(text.address());
                            } catch (Throwable e) {
                                throw Memory.unexpected(e);
                            }
                        }));
    }

    /** Whether it is glibc of that version or a later one. */
    boolean isGlibc(int major, int minor) {
        return glibc.map(CLibrary::numbers)
                .filter(v -> v.get(0) > major || (v.get(0) == major && v.get(1) >= minor))
                .isPresent();
    }

    /** The first two numbers of e.g. 2.36 or 2.40.9000. */
    private static List<Integer> numbers(String version) {
        return Stream.of(version.split("\\.", -1)).limit(2).map(Integer::valueOf).toList();
    }

    @Override
    public String toString() {
        return glibc.map(version -> "glibc " + version).orElse("a C library that is not glibc");
    }
}
