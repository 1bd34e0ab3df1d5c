package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.matrix.GroupedWeights;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.WeightSource;
import dev.weft.inference.cpu.kernel.team.Team;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes linear layers whose weights stay in 4 bits. Only the Vector API has kernels for them, on
 * every processor.
 */
public final class Int4Layers {
    /** Bytes of a cache line. */
    private static final long LINE = 64;

    private final Team team;
    private final List<Buffers> buffers;

    /** Makes the buffers, which the layers share. */
    public Int4Layers(Team team) {
        this.team = team;
        this.buffers = IntStream.range(0, team.size()).mapToObj(_ -> new Buffers()).toList();
    }

    /** Bytes that the weights of a layer take once they are packed. */
    public static long bytes(List<GroupedWeights> weights) {
        return weights.stream().mapToLong(Int4Layers::bytes).sum();
    }

    private static long bytes(GroupedWeights weights) {
        long bytes = Int4Strips.bytes(weights.shape(), weights.groups());
        return Math.ceilDiv(bytes, LINE) * LINE;
    }

    /**
     * Packs the weights of a layer. The thread that owns the team calls it.
     *
     * @param room {@link #bytes} of zeroed memory at a multiple of 64
     * @param weights on top of each other, each with groups of its own
     */
    public Linear pack(MemorySegment room, List<GroupedWeights> weights) {
        List<Int4Strips> parts = new ArrayList<>();
        long at = 0;
        for (GroupedWeights part : weights) {
            long bytes = bytes(part);
            Int4Strips strips = new Int4Strips(room.asSlice(at, bytes), part);
            at += bytes;
            parts.add(strips);
            team.run(member -> {
                int count = strips.strips();
                strips.fill(member.from(count, 1), member.to(count, 1), part);
            });
        }
        return new VectorInt4Linear(parts, buffers);
    }

    /** A layer of the same weights, dequantised; the source stays open as long as it is used. */
    public Linear dequantised(WeightSource source) {
        return new DequantisedLinear(source, buffers);
    }

    /** The buffers of one member. */
    static final class Buffers {
        private final PanelProduct panels = new PanelProduct();
        private final float[] sums = new float[PanelProduct.WIDTH];
        private float[] row = new float[0];

        PanelProduct panels() {
            return panels;
        }

        /** Room for a strip's outputs. */
        float[] sums() {
            return sums;
        }

        /** Room for so many inputs, at least. */
        float[] row(int inputs) {
            if (row.length < inputs) {
                row = new float[inputs];
            }
            return row;
        }
    }
}
