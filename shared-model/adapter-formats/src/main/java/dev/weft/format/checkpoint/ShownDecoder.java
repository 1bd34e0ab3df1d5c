package dev.weft.format.checkpoint;

import dev.weft.format.checkpoint.DecoderShape.MatrixSize;
import dev.weft.format.safetensors.SafetensorsHead.Weight;
import dev.weft.protocol.adapter.LinearModule;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A decoder as the names and shapes of a checkpoint's weights show it: the layers beside the one
 * embedding table. A module counts if it is one two-dimensional matrix with the same sizes as in
 * the first layer that has it. Fused experts, matrices in packed types and modules of other names
 * don't count, so that an adapter of theirs is refused.
 *
 * @param prefix what stands before {@code layers.N}
 */
record ShownDecoder(DecoderShape shape, String prefix) {
    private static final String EMBEDDING = "embed_tokens.weight";

    private static final Pattern LAYER = Pattern.compile("layers\\.(\\d{1,4})\\.(.+)");

    private static final int MOST_SIZE = 1 << 24;

    /**
     * Finds the decoder.
     *
     * @throws CheckpointException if there is none, or several
     */
    static ShownDecoder of(Map<String, Weight> weights) {
        String prefix = prefix(weights);
        int hidden = size(weights, prefix + EMBEDDING).in();
        TreeMap<Integer, Map<LinearModule, MatrixSize>> layers = layers(weights, prefix);
        Map<LinearModule, MatrixSize> first = new EnumMap<>(LinearModule.class);
        layers.values().forEach(layer -> layer.forEach(first::putIfAbsent));
        if (first.isEmpty()) {
            throw new CheckpointException(
                    "the decoder '%slayers' has no matrix of %s in a type of 8 bits or more"
                            .formatted(
                                    prefix,
                                    LinearModule.SEPARATE.stream()
                                            .map(LinearModule::shortName)
                                            .toList()));
        }
        DecoderShape sizes = sizes(hidden, first);
        return new ShownDecoder(
                new DecoderShape(
                        hidden,
                        sizes.attention(),
                        sizes.intermediateSize(),
                        IntStream.rangeClosed(0, layers.lastKey())
                                .mapToObj(n -> fitting(layers.getOrDefault(n, Map.of()), first))
                                .toList(),
                        DecoderShape.Around.UNKNOWN,
                        first),
                prefix);
    }

    /** The text before the name of the one embedding table that has layers beside it. */
    private static String prefix(Map<String, Weight> weights) {
        List<String> prefixes =
                weights.keySet().stream()
                        .filter(name -> name.endsWith(EMBEDDING))
                        .map(name -> name.substring(0, name.length() - EMBEDDING.length()))
                        .filter(prefix -> prefix.isEmpty() || prefix.endsWith("."))
                        .filter(prefix ->
                                weights.keySet().stream()
                                        .anyMatch(name -> name.startsWith(prefix + "layers.")))
                        .sorted()
                        .toList();
        if (prefixes.size() != 1) {
            throw new CheckpointException(
                    prefixes.isEmpty()
                            ? "the checkpoint shows no decoder: no " + EMBEDDING + " beside layers"
                            : "the checkpoint has several decoders, and adapters don't say which"
                                    + " they are for: "
                                    + prefixes);
        }
        return prefixes.getFirst();
    }

    private static TreeMap<Integer, Map<LinearModule, MatrixSize>> layers(
            Map<String, Weight> weights, String prefix) {
        TreeMap<Integer, Map<LinearModule, MatrixSize>> layers = new TreeMap<>();
        for (Map.Entry<String, Weight> entry : weights.entrySet()) {
            String name = entry.getKey();
            Matcher matcher =
                    LAYER.matcher(name.startsWith(prefix) ? name.substring(prefix.length()) : "");
            if (matcher.matches()) {
                Map<LinearModule, MatrixSize> layer =
                        layers.computeIfAbsent(
                                Integer.parseInt(matcher.group(1)),
                                _ -> new EnumMap<>(LinearModule.class));
                for (LinearModule module : LinearModule.values()) {
                    if (matcher.group(2).equals(module.path() + ".weight")
                            && isMatrix(entry.getValue())) {
                        layer.put(module, size(weights, name));
                    }
                }
            }
        }
        return layers;
    }

    private static boolean isMatrix(Weight weight) {
        return weight.shape().size() == 2 && weight.isUnpacked();
    }

    private static MatrixSize size(Map<String, Weight> weights, String name) {
        Weight weight = weights.get(name);
        List<Long> shape = weight == null ? List.of() : weight.shape();
        if (shape.size() != 2 || shape.stream().anyMatch(n -> n < 1 || n > MOST_SIZE)) {
            throw new CheckpointException(
                    "weight %s has the shape %s; allowed are two sizes of 1 to %d"
                            .formatted(name, shape, MOST_SIZE));
        }
        return new MatrixSize(shape.getFirst().intValue(), shape.getLast().intValue());
    }

    /**
     * The widths that the matrices suggest. The matrices themselves keep the sizes shown, whatever
     * these widths say. No weight shows the width of a head, and nothing asks for it: each head
     * counts as one wide.
     */
    private static DecoderShape sizes(int hidden, Map<LinearModule, MatrixSize> first) {
        MatrixSize none = new MatrixSize(0, 0);
        MatrixSize fused = first.getOrDefault(LinearModule.QKV, none);
        int queries = first.getOrDefault(LinearModule.Q, none).out();
        if (queries == 0) {
            queries = first.getOrDefault(LinearModule.O, new MatrixSize(0, hidden)).in();
        }
        int keys = first.getOrDefault(LinearModule.K, none).out();
        if (keys == 0) {
            keys = Math.max(2, fused.out() - queries) / 2;
        }
        int wide = first.getOrDefault(LinearModule.GATE, none).out();
        if (wide == 0) {
            wide = first.getOrDefault(LinearModule.UP, none).out();
        }
        if (wide == 0) {
            wide = first.getOrDefault(LinearModule.GATE_UP, none).out() / 2;
        }
        if (wide == 0) {
            wide = Math.max(1, first.getOrDefault(LinearModule.DOWN, none).in());
        }
        return new DecoderShape(0, hidden, new DecoderShape.HeadCounts(queries, keys, 1), wide);
    }

    private static List<LinearModule> fitting(
            Map<LinearModule, MatrixSize> layer, Map<LinearModule, MatrixSize> first) {
        return layer.entrySet().stream()
                .filter(entry -> entry.getValue().equals(first.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
