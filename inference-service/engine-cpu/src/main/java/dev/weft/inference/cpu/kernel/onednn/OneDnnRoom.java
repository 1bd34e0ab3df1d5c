package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import dev.weft.inference.cpu.kernel.matrix.Linear;
import dev.weft.inference.cpu.kernel.matrix.Shape;
import dev.weft.inference.cpu.kernel.team.Team;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * How the packed weights of a layer lie in its memory: one member's columns after the other's, in
 * the layout that oneDNN prefers for them, in int8 each with a scale for each column behind.
 *
 * @param parts by member; null for one that has no columns
 */
record OneDnnRoom(Precision precision, Shape shape, List<@Nullable Part> parts, long bytes) {
    /** Change this number whenever the packed layout changes; older copies are then ignored. */
    private static final int FORMAT = 1;

    /** The row count whose preferred layout the weights are packed in. */
    private static final int PACKED_FOR_ROWS = 16;

    private static final long ALIGNMENT = 64;

    /**
     * The columns of one member.
     *
     * @param at byte offset of the weights
     * @param scales byte offset of the scales
     */
    record Part(int from, int columns, memory.desc layout, long at, long scales) {}

    OneDnnRoom {
        parts = new ArrayList<>(parts); // has nulls
    }

    static OneDnnRoom of(OneDnnProducts products, Team team, Precision precision, Shape shape) {
        memory.@Nullable desc[] layouts = new memory.@Nullable desc[team.size()];
        int[] from = new int[team.size() + 1];
        team.run(member -> {
            int index = member.index();
            from[index] = member.from(shape.out(), Linear.COLUMN_UNIT);
            int columns = member.to(shape.out(), Linear.COLUMN_UNIT) - from[index];
            if (columns > 0) {
                layouts[index] =
                        products.weights(
                                index,
                                new OneDnnProduct.Key(
                                        precision,
                                        PACKED_FOR_ROWS,
                                        inputs(precision, shape),
                                        columns,
                                        shape.out()));
            }
        });
        from[team.size()] = shape.out();
        List<@Nullable Part> parts = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < layouts.length; i++) {
            memory.desc layout = layouts[i];
            if (layout == null) {
                parts.add(null);
                continue;
            }
            int columns = from[i + 1] - from[i];
            long scales = at + aligned(layout.get_size());
            parts.add(new Part(from[i], columns, layout, at, scales));
            at = precision == Precision.INT8 ? scales + aligned(4L * columns) : scales;
        }
        return new OneDnnRoom(precision, shape, parts, at);
    }

    /** Inputs of the packed products: those of the shape, then as many of zero as rows have. */
    int inputs() {
        return inputs(precision, shape);
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

    private static int inputs(Precision precision, Shape shape) {
        return precision == Precision.BF16 ? InputForm.BF16.stride(shape.in()) : shape.in();
    }

    private static String digest(memory.desc layout) {
        BytePointer blob = layout.get_blob();
        byte[] bytes = new byte[Math.toIntExact(blob.limit())];
        blob.get(bytes);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }
}
