package dev.weft.inference.cpu.kernel.onednn;

import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
            Map<OneDnnProduct.Key, Optional<OneDnnRow>> rows) {}

    private final OneDnn dnn;
    private final List<Prepared> members;

    OneDnnProducts(OneDnn dnn, int teamSize) {
        this.dnn = dnn;
        this.members =
                IntStream.range(0, teamSize)
                        .mapToObj(_ ->
                                new Prepared(new HashMap<>(), new HashMap<>(), new HashMap<>()))
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
     * The kernel for one row whose results have the bits of the product of that key, or null if
     * none is known.
     *
     * @param packed weights of that layout; the first call with a key computes with them
     */
    @Nullable OneDnnRow row(
            int member, OneDnnProduct.Key key, memory.desc layout, MemorySegment packed) {
        return members.get(member)
                .rows
                .computeIfAbsent(key, k -> Optional.ofNullable(probe(member, k, layout, packed)))
                .orElse(null);
    }

    private @Nullable OneDnnRow probe(
            int member, OneDnnProduct.Key key, memory.desc layout, MemorySegment packed) {
        PairLayout pairs = PairLayout.of(layout, key.inputs().count());
        if (pairs == null) {
            return null;
        }
        OneDnnProduct product = get(member, key, layout);
        SplittableRandom random = new SplittableRandom(5);
        float[] x = new float[key.inputs().count()];
        float[] y = new float[key.out()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source =
                    arena.allocate((long) key.rows() * key.inputs().stride() * Short.BYTES, 64);
            MemorySegment target =
                    arena.allocate((long) key.rows() * key.stride() * Float.BYTES, 64);
            for (int i = 0; i < x.length; i++) {
                short bits = Bf16.of((float) random.nextGaussian());
                source.setAtIndex(ValueLayout.JAVA_SHORT, i, bits);
                x[i] = Bf16.toFloat(bits);
            }
            product.execute(dnn, source, packed, target);
            VectorMath.copy(target, 0, y, 0, y.length);
        }
        return OneDnnRow.like(pairs, packed, x, y);
    }
}
