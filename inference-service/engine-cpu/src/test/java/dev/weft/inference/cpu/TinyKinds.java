package dev.weft.inference.cpu;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.name.StackPath;
import dev.weft.format.lora.weight.ExpertChanges;
import dev.weft.format.lora.weight.ExpertChanges.Projection;
import dev.weft.format.lora.weight.ExpertChanges.Stack;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.lora.weight.LoraTask;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.lora.weight.Surroundings.EdgePair;
import dev.weft.format.lora.weight.Surroundings.TokenRows;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Adapters with random tensors beside their pairs. */
public final class TinyKinds {
    private final DecoderShape shape;
    private final SplittableRandom random = new SplittableRandom(7);

    public TinyKinds(DecoderShape shape) {
        this.shape = shape;
    }

    /** The same pairs with another kind of change beside them for each number; 0 for none. */
    public LoraAdapter of(LoraAdapter plain, int number) {
        return switch (number % 6) {
            case 0 -> plain;
            case 1 -> dora(plain);
            case 2 -> biased(plain, norms());
            case 3 -> around(plain, rows());
            case 4 -> around(plain, copyAndPair());
            default -> invoked(around(plain, headPair()), List.of(3));
        };
    }

    /** With DoRA at all pairs. */
    LoraAdapter dora(LoraAdapter plain) {
        List<LoraPair> pairs =
                plain.pairs().stream()
                        .map(pair -> with(pair, new LoraPair.Outputs(null, vector(out(pair)))))
                        .toList();
        return with(plain, pairs, Surroundings.NONE, List.of());
    }

    /** With biases at all pairs. */
    LoraAdapter biased(LoraAdapter plain, Surroundings around) {
        List<LoraPair> pairs =
                plain.pairs().stream()
                        .map(pair -> with(pair, new LoraPair.Outputs(vector(out(pair)), null)))
                        .toList();
        return with(plain, pairs, around, List.of());
    }

    private LoraAdapter around(LoraAdapter plain, Surroundings around) {
        return with(plain, plain.pairs(), around, List.of());
    }

    /** Active from these tokens on. */
    static LoraAdapter invoked(LoraAdapter plain, List<Integer> invocation) {
        return with(plain, plain.pairs(), plain.around(), invocation);
    }

    private Surroundings norms() {
        SortedMap<String, Tensor> norms = new TreeMap<>();
        shape.around().norms().forEach((name, size) -> norms.put(name, vector(size)));
        return new Surroundings(Map.of(), Map.of(), Map.of(), norms);
    }

    private Surroundings rows() {
        TokenRows rows = new TokenRows(List.of(5, 1, 33), matrix(3, shape.hiddenSize()));
        return new Surroundings(
                Map.of(), Map.of(), Map.of(Edge.EMBEDDING, rows, Edge.HEAD, rows), new TreeMap<>());
    }

    private Surroundings copyAndPair() {
        long tokens = shape.around().tokens();
        EdgePair pair =
                new EdgePair(
                        0.5f,
                        matrix(3, tokens),
                        matrix(shape.hiddenSize(), 3),
                        LoraPair.Outputs.NONE);
        return new Surroundings(
                Map.of(Edge.EMBEDDING, pair),
                Map.of(Edge.HEAD, matrix(tokens, shape.hiddenSize())),
                Map.of(),
                new TreeMap<>());
    }

    /** An edge of its own. */
    Surroundings copy(Edge edge) {
        Tensor copy = matrix(shape.around().tokens(), shape.hiddenSize());
        return new Surroundings(Map.of(), Map.of(edge, copy), Map.of(), new TreeMap<>());
    }

    /** A low-rank change of all experts. */
    public Surroundings experts(int rank) {
        List<Stack> stacks = new ArrayList<>();
        shape.around()
                .experts()
                .forEach((layer, experts) -> {
                    long ranks = (long) rank * experts.count();
                    long hidden = experts.hiddenSize();
                    stacks.add(
                            new Stack(
                                    new StackPath(layer, true),
                                    Projection.GATE_UP,
                                    rank,
                                    0.1f,
                                    matrix(ranks, hidden),
                                    matrix(2L * experts.width(), ranks)));
                    stacks.add(
                            new Stack(
                                    new StackPath(layer, false),
                                    Projection.DOWN,
                                    rank,
                                    0.1f,
                                    matrix(ranks, experts.width()),
                                    matrix(hidden, ranks)));
                });
        return new Surroundings(
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                new TreeMap<>(),
                new ExpertChanges(List.of(), stacks));
    }

    /** With a head of so many labels in the place of text. */
    LoraAdapter classifier(LoraAdapter plain, int labels) {
        return forTask(
                plain,
                new LoraTask.Classification(matrix(labels, shape.hiddenSize()), vector(labels)));
    }

    /** The same adapter for another task. */
    static LoraAdapter forTask(LoraAdapter plain, LoraTask task) {
        return new LoraAdapter(
                plain.digest(),
                plain.facts(),
                plain.pairs(),
                plain.around(),
                List.of(),
                task,
                plain.arena());
    }

    /** A low-rank change of embedding and head each, with DoRA. */
    public Surroundings pairs() {
        EdgePair embedding =
                new EdgePair(
                        0.5f,
                        matrix(3, shape.around().tokens()),
                        matrix(shape.hiddenSize(), 3),
                        new LoraPair.Outputs(null, vector(shape.hiddenSize())));
        EdgePair head = headPair().pairs().get(Edge.HEAD);
        return new Surroundings(
                Map.of(Edge.EMBEDDING, embedding, Edge.HEAD, Objects.requireNonNull(head)),
                Map.of(),
                Map.of(),
                new TreeMap<>());
    }

    /** A low-rank change of the head with DoRA. */
    Surroundings headPair() {
        long tokens = shape.around().tokens();
        EdgePair pair =
                new EdgePair(
                        0.5f,
                        matrix(5, shape.hiddenSize()),
                        matrix(tokens, 5),
                        new LoraPair.Outputs(null, vector(tokens)));
        return new Surroundings(Map.of(Edge.HEAD, pair), Map.of(), Map.of(), new TreeMap<>());
    }

    private static long out(LoraPair pair) {
        return pair.b().shape().getFirst();
    }

    private Tensor vector(long size) {
        return TinyCheckpoint.tensor("v", DType.F32, random, 1, size);
    }

    private Tensor matrix(long rows, long columns) {
        return TinyCheckpoint.tensor("m", DType.F32, random, 0.3, rows, columns);
    }

    private static LoraPair with(LoraPair pair, LoraPair.Outputs outputs) {
        return new LoraPair(pair.layer(), pair.module(), pair.scale(), pair.a(), pair.b(), outputs);
    }

    private static LoraAdapter with(
            LoraAdapter plain,
            List<LoraPair> pairs,
            Surroundings around,
            List<Integer> invocation) {
        return new LoraAdapter(
                plain.digest(), plain.facts(), pairs, around, invocation, plain.arena());
    }
}
