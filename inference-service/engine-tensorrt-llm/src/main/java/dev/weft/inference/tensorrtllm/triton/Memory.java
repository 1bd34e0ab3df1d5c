package dev.weft.inference.tensorrtllm.triton;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Native memory by its address, and C's allocator: blocks here live as long as Triton needs them,
 * which no scope of Java matches, and closing a shared arena for each request costs a handshake
 * with all threads.
 */
@SuppressWarnings("restricted")
final class Memory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MALLOC =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("malloc"),
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("free"),
                    FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    private Memory() {}

    /** A block of at least one byte; free it. */
    static long allocate(long bytes) {
        try {
            long address = (long) MALLOC.invokeExact(Math.max(1, bytes));
            if (address == 0) {
                throw new OutOfMemoryError("malloc of " + bytes + " bytes");
            }
            return address;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The block as a segment, which doesn't notice when it is freed. */
    static MemorySegment segment(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    static byte getByte(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    static int getInt(long address) {
        return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    static long getLong(long address) {
        return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    static void setInt(long address, int value) {
        ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
    }

    static void setLong(long address, long value) {
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }

    /** A zero-terminated text in UTF-8; empty for address 0. */
    static String text(long address) {
        return address == 0 ? "" : ALL.asSlice(address).getString(0);
    }

    /** Wraps an exception of a method handle that can't throw checked ones. */
    static RuntimeException unexpected(Throwable e) {
        if (e instanceof RuntimeException known) {
            return known;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }
}
