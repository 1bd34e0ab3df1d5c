package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Conversions;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.Activations;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import dev.weft.inference.cpu.kernel.matrix.InputForm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * Prepared products, shared by the layers that have the same shape. Each member of the team has its
 * own map and touches no other's.
 */
final class OneDnnProducts {
    private record Prepared(
            Map<OneDnnProduct.Key, OneDnnProduct> products,
            Map<OneDnnProduct.Key, memory.desc> layouts,
            Map<OneDnnProduct.Key, Optional<PairRow>> pairs,
            Map<OneDnnProduct.Key, Optional<QuadRow>> quads) {}

    private final OneDnn dnn;
    private final List<Prepared> members;

    OneDnnProducts(OneDnn dnn, int teamSize) {
        this.dnn = dnn;
        this.members =
                IntStream.range(0, teamSize)
                        .mapToObj(_ ->
                                new Prepared(
                                        new HashMap<>(),
                                        new HashMap<>(),
                                        new HashMap<>(),
                                        new HashMap<>()))
                        .toList();
    }

    /** The layout oneDNN prefers for the weights of such a product. */
    memory.desc weights(int member, OneDnnProduct.Key key) {
        // The stream of this thread comes first: it sets the thread count the product is made for.
        dnn.stream();
        return members.get(member)
                .layouts
                .computeIfAbsent(
                        key, k -> OneDnnProduct.prepare(dnn, k).description().weights_desc());
    }

    /** The product for weights of that layout. */
    OneDnnProduct get(int member, OneDnnProduct.Key key, memory.desc layout) {
        dnn.stream();
        return members.get(member)
                .products
                .computeIfAbsent(key, k -> OneDnnProduct.prepare(dnn, k, layout));
    }

    /**
     * The kernel for one row in bf16 whose results have the bits of the product of that key, or
     * null if none is known.
     *
     * @param packed weights of that layout; the first call with a key computes with them
     */
    @Nullable PairRow pairs(
            int member, OneDnnProduct.Key key, memory.desc layout, MemorySegment packed) {
        return members.get(member)
                .pairs
                .computeIfAbsent(key, k -> Optional.ofNullable(probe(member, k, layout, packed)))
                .orElse(null);
    }

    private @Nullable PairRow probe(
            int member, OneDnnProduct.Key key, memory.desc layout, MemorySegment packed) {
        GroupLayout pairs = GroupLayout.of(layout, key.inputs().count(), 2);
        if (pairs == null) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            Activations x = example(arena, key, InputForm.BF16);
            FloatMatrix y = FloatMatrix.allocate(arena, key.rows(), key.stride());
            get(member, key, layout).execute(dnn, x.bf16(), packed, null, y.data());
            float[] inputs = new float[key.inputs().count()];
            Conversions.fromBf16(x.bf16(), inputs);
            float[] outputs = new float[key.out()];
            VectorMath.copy(y.data(), 0, outputs, 0, outputs.length);
            return PairRow.like(pairs, packed, inputs, outputs);
        }
    }

    /**
     * The kernel for one row in int8 whose results have the bits of the product of that key, or
     * null if there is none.
     *
     * @param packed weights of that layout; the first call with a key computes with them
     * @param scales of their columns, as many as {@link QuadRow#scales}
     */
    @Nullable QuadRow quads(
            int member,
            OneDnnProduct.Key key,
            memory.desc layout,
            MemorySegment packed,
            float[] scales) {
        return members.get(member)
                .quads
                .computeIfAbsent(
                        key, k -> Optional.ofNullable(probe(member, k, layout, packed, scales)))
                .orElse(null);
    }

    private @Nullable QuadRow probe(
            int member,
            OneDnnProduct.Key key,
            memory.desc layout,
            MemorySegment packed,
            float[] scales) {
        GroupLayout quads = GroupLayout.of(layout, key.inputs().count(), 4);
        QuadRow row = quads == null ? null : QuadRow.of(quads);
        if (row == null) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            Activations x = example(arena, key, InputForm.INT8);
            FloatMatrix y = FloatMatrix.allocate(arena, key.rows(), key.stride());
            FloatMatrix found = FloatMatrix.allocate(arena, 1, key.out());
            MemorySegment factors = arena.allocate(4L * key.out(), 64);
            VectorMath.copy(scales, 0, factors, 0, key.out());
            memory ofColumns = dnn.memory(OneDnnProduct.scales(key.out()), factors);
            get(member, key, layout).execute(dnn, x.int8(), packed, ofColumns, y.data());
            VectorMath.multiply(y.data(), 0, x.scale(0), key.out());
            row.multiply(packed, scales, x, found, 0, key.out());
            return found.data().mismatch(y.data().asSlice(0, 4L * key.out())) < 0 ? row : null;
        }
    }

    /** Rows whose first is random, in the form that a product reads. */
    private static Activations example(Arena arena, OneDnnProduct.Key key, InputForm form) {
        Activations x = Activations.allocate(arena, key.rows(), key.inputs().count());
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < x.columns(); i++) {
            x.floats().set(0, i, (float) random.nextGaussian());
        }
        x.prepare(0, form);
        return x;
    }
}
