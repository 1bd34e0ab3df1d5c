package dev.weft.format.lora.weight;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ExpertShape;
import dev.weft.format.lora.name.ExpertPath;
import dev.weft.format.lora.name.StackPath;
import dev.weft.format.safetensors.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Low-rank changes of experts.
 *
 * @param pairs of single linear layers
 * @param stacks of one projection of all experts of a layer
 */
public record ExpertChanges(List<Pair> pairs, List<Stack> stacks) {
    /** None. */
    public static final ExpertChanges NONE = new ExpertChanges(List.of(), List.of());

    /** The linear layers of an expert. */
    public enum Projection {
        GATE("gate_proj"),
        UP("up_proj"),
        /**
         * Both in one: the gate's outputs, then those of up; or in turns, if the base has them so.
         */
        GATE_UP("gate_up_proj"),
        DOWN("down_proj");

        private final String parameter;

        Projection(String parameter) {
            this.parameter = parameter;
        }

        /** Name of the parameter in transformers, if it is one of all experts. */
        public String parameter() {
            return parameter;
        }
    }

    /**
     * The change of one linear layer.
     *
     * @param a {@code [rank][in]}
     * @param b {@code [out][rank]}
     */
    public record Pair(ExpertPath path, Projection projection, float scale, Tensor a, Tensor b) {
        public int rank() {
            return a.shape().getFirst().intValue();
        }
    }

    /**
     * The change of one projection of all experts.
     *
     * @param a {@code [experts * rank][in]}, expert after expert
     * @param b {@code [out][rank * experts]}, rank after rank
     */
    public record Stack(
            StackPath path, Projection projection, int rank, float scale, Tensor a, Tensor b) {
        /** Path of the parameter, e.g. {@code model.layers.0.mlp.experts.down_proj}. */
        public String parameter() {
            return new StackPath(path.layer(), false).text() + "." + projection.parameter();
        }

        private boolean includes(Pair pair) {
            boolean down = pair.projection == Projection.DOWN;
            return path.layer() == pair.path.layer() && down == (projection == Projection.DOWN);
        }
    }

    public ExpertChanges {
        pairs = List.copyOf(pairs);
        stacks = List.copyOf(stacks);
    }

    public boolean isEmpty() {
        return pairs.isEmpty() && stacks.isEmpty();
    }

    /** The largest rank; 0 if there is none. */
    public int rank() {
        int ofPairs = pairs.stream().mapToInt(Pair::rank).max().orElse(0);
        return Math.max(ofPairs, stacks.stream().mapToInt(Stack::rank).max().orElse(0));
    }

    /** A pair whose projection a stack changes too; nothing computes both. */
    Optional<Pair> changedTwice() {
        return pairs.stream()
                .filter(pair -> stacks.stream().anyMatch(stack -> stack.includes(pair)))
                .findFirst();
    }

    /** Whether all of them fit the base's experts. */
    boolean fit(DecoderShape base) {
        SortedMap<Integer, ExpertShape> shapes = base.around().experts();
        return changedTwice().isEmpty()
                && pairs.stream().allMatch(pair -> fits(pair, shapes.get(pair.path.layer())))
                && stacks.stream().allMatch(it -> fits(it, shapes.get(it.path.layer())));
    }

    private static boolean fits(Pair pair, @Nullable ExpertShape shape) {
        return shape != null
                && pair.projection != Projection.GATE_UP
                && pair.path.expert() < shape.count()
                && pair.a.shape().equals(List.of((long) pair.rank(), in(pair.projection, shape)))
                && pair.b.shape().equals(List.of(out(pair.projection, shape), (long) pair.rank()));
    }

    private static boolean fits(Stack stack, @Nullable ExpertShape shape) {
        if (shape == null) {
            return false;
        }
        long ranks = (long) stack.rank * shape.count();
        return stack.a.shape().equals(List.of(ranks, in(stack.projection, shape)))
                && stack.b.shape().equals(List.of(out(stack.projection, shape), ranks));
    }

    /** Inputs of a projection. */
    static long in(Projection projection, ExpertShape shape) {
        return projection == Projection.DOWN ? shape.width() : shape.hiddenSize();
    }

    /** Outputs of a projection. */
    static long out(Projection projection, ExpertShape shape) {
        return switch (projection) {
            case GATE, UP -> shape.width();
            case GATE_UP -> 2L * shape.width();
            case DOWN -> shape.hiddenSize();
        };
    }

    /** All tensors. */
    List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (Pair pair : pairs) {
            tensors.add(pair.a);
            tensors.add(pair.b);
        }
        for (Stack stack : stacks) {
            tensors.add(stack.a);
            tensors.add(stack.b);
        }
        return tensors;
    }

    /** The pairs by the names of their modules. */
    public SortedMap<String, Pair> byModule() {
        SortedMap<String, Pair> sorted = new TreeMap<>();
        pairs.forEach(pair -> sorted.put(pair.path.text(), pair));
        return sorted;
    }

    /** The stacks by the names of their parameters. */
    public Map<String, Stack> byParameter() {
        SortedMap<String, Stack> sorted = new TreeMap<>();
        stacks.forEach(stack -> sorted.put(stack.parameter(), stack));
        return sorted;
    }
}
