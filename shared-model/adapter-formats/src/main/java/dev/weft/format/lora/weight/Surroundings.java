package dev.weft.format.lora.weight;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.safetensors.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What an adapter changes around the linear layers of blocks. An edge is changed in at most one of
 * these ways, and may have a copy of the base's weights besides that.
 *
 * @param pairs low-rank changes of an edge
 * @param copies weights that replace an edge's, {@code [tokens][hidden]}
 * @param bases an edge as it was when the adapter was trained, {@code [tokens][hidden]}. PEFT saves
 *     it with embeddings that are targets or have rows replaced, and loads it into the base. If it
 *     differs from the base, it thus replaces the edge, and the other one too if they are tied; a
 *     pair or rows then change it
 * @param rows rows that replace an edge's for some tokens. If the base's edges are tied, rows of
 *     the embedding are the head's too, unless it has rows of its own
 * @param norms weights that replace norms', by the norm's path
 * @param experts low-rank changes of experts
 * @param sameBase whether {@code bases} must be the base's own edges; false if there are none
 */
public record Surroundings(
        Map<Edge, EdgePair> pairs,
        Map<Edge, Tensor> copies,
        Map<Edge, Tensor> bases,
        Map<Edge, TokenRows> rows,
        SortedMap<String, Tensor> norms,
        ExpertChanges experts,
        boolean sameBase) {
    /** No changes. */
    public static final Surroundings NONE =
            new Surroundings(
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Collections.emptySortedMap(),
                    ExpertChanges.NONE);

    /**
     * A low-rank change.
     *
     * @param a {@code [rank][in]}; of the embedding {@code [rank][tokens]}
     * @param b {@code [out][rank]}; of the embedding {@code [hidden][rank]}
     * @param outputs of the embedding a magnitude at most, {@code [hidden]}
     */
    public record EdgePair(float scale, Tensor a, Tensor b, LoraPair.Outputs outputs) {
        public int rank() {
            return a.shape().getFirst().intValue();
        }
    }

    /**
     * Rows of some tokens.
     *
     * @param tokens their ids, each once
     * @param values {@code [tokens][hidden]}, in the same order
     */
    public record TokenRows(List<Integer> tokens, Tensor values) {
        public TokenRows {
            tokens = List.copyOf(tokens);
        }
    }

    public Surroundings {
        pairs = copy(pairs);
        copies = copy(copies);
        bases = copy(bases);
        rows = copy(rows);
        norms = Collections.unmodifiableSortedMap(new TreeMap<>(norms));
        sameBase = sameBase && !bases.isEmpty();
    }

    /** Changes whose copies of the base may differ from it. */
    public Surroundings(
            Map<Edge, EdgePair> pairs,
            Map<Edge, Tensor> copies,
            Map<Edge, Tensor> bases,
            Map<Edge, TokenRows> rows,
            SortedMap<String, Tensor> norms,
            ExpertChanges experts) {
        this(pairs, copies, bases, rows, norms, experts, false);
    }

    /** Changes that leave experts as they are and hold nothing of the base. */
    public Surroundings(
            Map<Edge, EdgePair> pairs,
            Map<Edge, Tensor> copies,
            Map<Edge, TokenRows> rows,
            SortedMap<String, Tensor> norms) {
        this(pairs, copies, Map.of(), rows, norms, ExpertChanges.NONE);
    }

    /** Returns these changes with other edges as {@code copies}, and without {@code bases}. */
    public Surroundings over(Map<Edge, Tensor> edges) {
        return new Surroundings(pairs, edges, Map.of(), rows, norms, experts);
    }

    /** Returns these changes for a base whose edges must equal {@code bases}. */
    public Surroundings overSameBase() {
        return new Surroundings(pairs, copies, bases, rows, norms, experts, true);
    }

    /**
     * The parts that it changes besides the linear modules of layers, in words. {@code bases} don't
     * count: only code that has the base can tell whether they differ from it, and {@link
     * #sameBase} says that they must not.
     */
    public SortedSet<String> changed() {
        SortedSet<String> changed = new TreeSet<>();
        Stream.of(pairs, copies, rows)
                .flatMap(edges -> edges.keySet().stream())
                .forEach(edge -> changed.add(edge.text()));
        if (!norms.isEmpty()) {
            changed.add("norms");
        }
        if (!experts.isEmpty()) {
            changed.add("experts");
        }
        return changed;
    }

    private static <T> Map<Edge, T> copy(Map<Edge, T> map) {
        Map<Edge, T> copy = new EnumMap<>(Edge.class);
        copy.putAll(map);
        return Collections.unmodifiableMap(copy);
    }

    /** Why an engine for this base and this rank can't use it, in words; empty if it can. */
    public Optional<String> misfit(DecoderShape base, int maxRank) {
        List<Long> edge = List.of((long) base.around().tokens(), (long) base.hiddenSize());
        boolean fits =
                copies.values().stream().allMatch(copy -> copy.shape().equals(edge))
                        && bases.values().stream().allMatch(copy -> copy.shape().equals(edge))
                        && rows.values().stream().allMatch(it -> fits(it, base))
                        && pairs.entrySet().stream()
                                .allMatch(it -> fits(it.getKey(), it.getValue(), edge, maxRank))
                        && norms.entrySet().stream().allMatch(it -> fits(it, base))
                        && experts.rank() <= maxRank
                        && experts.fit(base);
        return fits
                ? Optional.empty()
                : Optional.of(
                        "the adapter's embedding, head, norms or experts don't fit the base, or a"
                                + " rank is over "
                                + maxRank);
    }

    private static boolean fits(TokenRows rows, DecoderShape base) {
        return rows.values
                        .shape()
                        .equals(List.of((long) rows.tokens.size(), (long) base.hiddenSize()))
                && rows.tokens.stream().allMatch(id -> id >= 0 && id < base.around().tokens());
    }

    private static boolean fits(Edge edge, EdgePair pair, List<Long> sizes, int maxRank) {
        long in = edge == Edge.HEAD ? sizes.getLast() : sizes.getFirst();
        long out = edge == Edge.HEAD ? sizes.getFirst() : sizes.getLast();
        long rank = pair.rank();
        return rank <= maxRank
                && pair.a.shape().equals(List.of(rank, in))
                && pair.b.shape().equals(List.of(out, rank))
                && pair.outputs.tensors().stream().allMatch(t -> t.shape().equals(List.of(out)))
                && (edge == Edge.HEAD || pair.outputs.bias() == null);
    }

    private static boolean fits(Map.Entry<String, Tensor> norm, DecoderShape base) {
        Integer size = base.around().norms().get(norm.getKey());
        return size != null && norm.getValue().shape().equals(List.of((long) size));
    }

    /** All tensors. */
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (EdgePair pair : pairs.values()) {
            tensors.add(pair.a);
            tensors.add(pair.b);
            tensors.addAll(pair.outputs.tensors());
        }
        tensors.addAll(copies.values());
        tensors.addAll(bases.values());
        rows.values().forEach(it -> tensors.add(it.values));
        tensors.addAll(norms.values());
        tensors.addAll(experts.tensors());
        return tensors;
    }

    public boolean isEmpty() {
        return pairs.isEmpty()
                && copies.isEmpty()
                && bases.isEmpty()
                && rows.isEmpty()
                && norms.isEmpty()
                && experts.isEmpty();
    }
}
