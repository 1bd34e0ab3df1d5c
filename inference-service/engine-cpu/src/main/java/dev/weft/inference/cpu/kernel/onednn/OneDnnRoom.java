package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.protocol.digest.Sha256;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * How the packed weights of a layer lie in its memory: one member's columns after the other's, in
 * the layout that oneDNN prefers for them, and behind them the numbers of each column, if any.
 *
 * @param parts by member; null for one that has no columns
 */
record OneDnnRoom(List<@Nullable Part> parts, long bytes) {
    /** Change this number whenever the packed layout changes; older copies are then ignored. */
    private static final int FORMAT = 1;

    /** The row count whose preferred layout the weights are packed in. */
    static final int PACKED_FOR_ROWS = 16;

    private static final long ALIGNMENT = 64;

    /**
     * The columns of one member.
     *
     * @param at byte offset of the weights
     * @param numbers byte offset of the columns' numbers
     */
    record Part(int from, int columns, memory.desc layout, long at, long numbers) {}

    /** The layouts of a layer's weights. */
    @FunctionalInterface
    interface Layouts {
        /** The layout of as many columns of a member, on whose thread it is called. */
        memory.desc of(int member, int columns);
    }

    OneDnnRoom {
        parts = new ArrayList<>(parts); // has nulls
    }

    /**
     * The room of a layer. The team's owner calls it.
     *
     * @param out columns of all members
     * @param numbers of 32 bits that a column has besides its weights
     */
    static OneDnnRoom of(Team team, int out, int numbers, Layouts layouts) {
        memory.@Nullable desc[] found = new memory.@Nullable desc[team.size()];
        int[] from = new int[team.size() + 1];
        team.run(member -> {
            int index = member.index();
            from[index] = member.from(out, Linear.COLUMN_UNIT);
            int columns = columns(member, out);
            if (columns > 0) {
                found[index] = layouts.of(index, columns);
            }
        });
        from[team.size()] = out;
        List<@Nullable Part> parts = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < found.length; i++) {
            memory.desc layout = found[i];
            if (layout == null) {
                parts.add(null);
                continue;
            }
            int columns = from[i + 1] - from[i];
            long behind = at + aligned(layout.get_size());
            parts.add(new Part(from[i], columns, layout, at, behind));
            at = behind + aligned(4L * numbers * columns);
        }
        return new OneDnnRoom(parts, at);
    }

    /** How many of a layer's columns a member has. */
    static int columns(Team.Member member, int out) {
        return member.to(out, Linear.COLUMN_UNIT) - member.from(out, Linear.COLUMN_UNIT);
    }

    /** Each member's columns, and a digest of oneDNN's own description of their layout. */
    String describe() {
        StringBuilder text = new StringBuilder("format " + FORMAT);
        for (Part part : parts) {
            if (part != null) {
                text.append("; %d columns %s".formatted(part.columns, digest(part.layout)));
            }
        }
        return text.toString();
    }

    private static String digest(memory.desc layout) {
        BytePointer blob = layout.get_blob();
        byte[] bytes = new byte[Math.toIntExact(blob.limit())];
        blob.get(bytes);
        return HexFormat.of().formatHex(Sha256.digest().digest(bytes), 0, 8);
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }
}
