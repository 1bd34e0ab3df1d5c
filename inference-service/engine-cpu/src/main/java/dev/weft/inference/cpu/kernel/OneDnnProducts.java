package dev.weft.inference.cpu.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.memory;

/**
 * Prepared products, shared by the layers that have the same shape. Each member of the team has its
 * own map and touches no other's.
 */
final class OneDnnProducts {
    private record Prepared(
            Map<OneDnnProduct.Key, OneDnnProduct> products,
            Map<OneDnnProduct.Key, memory.desc> layouts) {}

    private final OneDnn dnn;
    private final List<Prepared> members;

    OneDnnProducts(OneDnn dnn, int teamSize) {
        this.dnn = dnn;
        this.members =
                IntStream.range(0, teamSize)
                        .mapToObj(_ -> new Prepared(new HashMap<>(), new HashMap<>()))
                        .toList();
    }

    /** The layout oneDNN prefers for the weights of such a product. */
    memory.desc weights(int member, OneDnnProduct.Key key) {
        // The stream of this thread comes first: it sets the thread count the product is made for.
        dnn.stream();
        return members.get(member)
                .layouts
                .computeIfAbsent(
                        key,
                        k ->
                                OneDnnProduct.prepare(
                                                dnn,
                                                k,
                                                OneDnnProduct.anyWeights(
                                                        k.precision(), k.in(), k.out()))
                                        .description()
                                        .weights_desc());
    }

    /** The product for weights of that layout. */
    OneDnnProduct get(int member, OneDnnProduct.Key key, memory.desc layout) {
        dnn.stream();
        return members.get(member)
                .products
                .computeIfAbsent(key, k -> OneDnnProduct.prepare(dnn, k, layout));
    }
}
