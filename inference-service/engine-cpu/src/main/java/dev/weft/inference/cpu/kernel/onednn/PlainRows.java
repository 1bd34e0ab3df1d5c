package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Weights that are about to be packed. Each member reads its rows once as bf16, for all blocks of
 * inputs; its thread alone asks for them.
 */
final class PlainRows implements AutoCloseable {
    private final WeightSource source;
    private final Arena arena = Arena.ofShared();
    private final @Nullable MemorySegment[] members;

    PlainRows(WeightSource source, int team) {
        this.source = source;
        this.members = new @Nullable MemorySegment[team];
    }

    WeightSource source() {
        return source;
    }

    /** A member's rows, {@code [to - from][stride]} of bf16. */
    MemorySegment bf16(int member, int from, int to, int stride) {
        MemorySegment rows = members[member];
        if (rows == null) {
            rows = arena.allocate((long) (to - from) * stride * Short.BYTES, 64);
            source.copyRows(from, to, rows, stride);
            members[member] = rows;
        }
        return rows;
    }

    @Override
    public void close() {
        arena.close();
    }
}
