package dev.weft.inference.cpu.kernel.matrix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * An arena for what a step reads from end to end: weights, adapters, keys and values. On Linux its
 * memory lies in pages of 2 MiB if the system gives them (transparent huge pages, mode {@code
 * madvise} or {@code always}). The processor reads them at up to twice the speed of small ones,
 * since it looks ahead only within a page. Elsewhere it is ordinary memory. The memory is zeroed.
 * Any thread.
 *
 * <p>Allocations share slabs, so that small matrices lie in large pages too. The end of a slab that
 * fills no large page stays in small ones, also in mode {@code always}; so memory takes no more
 * than was written, except for one large page at most.
 */
public final class LargePages implements Arena {
    private static final long PAGE = 2L << 20;
    private static final @Nullable Calls CALLS = Calls.find();

    private final Arena arena = Arena.ofShared();
    private final long slabBytes;
    private MemorySegment slab = MemorySegment.NULL;
    private long used;

    /**
     * Nothing is allocated yet.
     *
     * @param slabBytes least size of a slab; 0 gives each allocation its own slab. That is for few
     *     large allocations, since each slab is a mapping, and a process can have some ten thousand
     *     of these
     */
    public LargePages(long slabBytes) {
        this.slabBytes = slabBytes;
    }

    @Override
    public synchronized MemorySegment allocate(long byteSize, long byteAlignment) {
        if (CALLS == null) {
            return arena.allocate(byteSize, byteAlignment);
        }
        long at = (used + byteAlignment - 1) / byteAlignment * byteAlignment;
        if (at + byteSize > slab.byteSize()) {
            slab = CALLS.map(arena, Math.max(slabBytes, byteSize));
            at = 0;
        }
        used = at + byteSize;
        return slab.asSlice(at, byteSize);
    }

    /**
     * Maps a whole file for reading. If the system keeps the file in large pages (on Linux since
     * 6.16 with ext4, earlier with XFS and others) it is asked for them.
     *
     * @param arena what the mapping lives as long as
     * @throws IOException if it can't be mapped
     */
    @SuppressWarnings("restricted")
    public static MemorySegment map(FileChannel file, Arena arena) throws IOException {
        MemorySegment mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
        if (CALLS != null) {
            CALLS.advise(mapped.address(), mapped.byteSize(), Calls.HUGE_PAGE);
        }
        // The segment is of the same class as those of other weights, so that the compiler makes
        // one kind of loop for both.
        return MemorySegment.ofAddress(mapped.address())
                .reinterpret(mapped.byteSize(), arena, null)
                .asReadOnly();
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
    }

    /** The system's calls; the numbers are those of Linux on x86-64 and AArch64. */
    private record Calls(MethodHandle mmap, MethodHandle madvise, MethodHandle munmap) {
        private static final int READ_WRITE = 3;
        private static final int PRIVATE_ANONYMOUS = 0x22;
        private static final int HUGE_PAGE = 14;
        private static final int NO_HUGE_PAGE = 15;

        static @Nullable Calls find() {
            if (!System.getProperty("os.name").equals("Linux")) {
                return null;
            }
            FunctionDescriptor mmap =
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG);
            FunctionDescriptor onRange =
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
            return new Calls(
                    call("mmap", mmap),
                    call("madvise", onRange.appendArgumentLayouts(ValueLayout.JAVA_INT)),
                    call("munmap", onRange));
        }

        @SuppressWarnings("restricted") // there is no other way to get memory in large pages
        private static MethodHandle call(String name, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            SymbolLookup system = linker.defaultLookup();
            return linker.downcallHandle(system.findOrThrow(name), descriptor);
        }

        /** A slab that begins at a large page's start; it is freed with the arena. */
        @SuppressWarnings("restricted")
        MemorySegment map(Arena arena, long bytes) {
            long whole = bytes + PAGE;
            try {
                long address =
                        (long) mmap.invokeExact(0L, whole, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
                if (address == -1) {
                    throw new OutOfMemoryError("the system has no " + bytes + " bytes of memory");
                }
                long first = (address + PAGE - 1) / PAGE * PAGE;
                advise(address, whole, NO_HUGE_PAGE);
                advise(first, bytes / PAGE * PAGE, HUGE_PAGE);
                return MemorySegment.ofAddress(first)
                        .reinterpret(bytes, arena, _ -> unmap(address, whole));
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("mmap failed", e);
            }
        }

        /** Asks for large pages, or for none. After a refusal memory is slower or larger. */
        private void advise(long address, long bytes, int pages) {
            try {
                int ignored = (int) madvise.invokeExact(address, bytes, pages);
            } catch (Throwable e) {
                throw new IllegalStateException("madvise failed", e);
            }
        }

        private void unmap(long address, long bytes) {
            try {
                int ignored = (int) munmap.invokeExact(address, bytes);
            } catch (Throwable e) {
                throw new IllegalStateException("munmap failed", e);
            }
        }
    }
}
