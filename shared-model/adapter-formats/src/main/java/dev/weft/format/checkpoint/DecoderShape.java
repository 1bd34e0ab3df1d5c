package dev.weft.format.checkpoint;

import dev.weft.format.decoder.AttentionPlan;
import dev.weft.format.decoder.BlockPlan;
import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.Experts;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The layers of a decoder and the sizes of their linear modules. Adapters are checked against
 * these.
 *
 * @param intermediateSize width of the MLP
 * @param modules those of each layer that an adapter may change, as the checkpoint has them
 * @param around what lies around them
 * @param matrices sizes of modules as the weights show them; those of others follow from the heads
 *     and the widths
 */
public record DecoderShape(
        int hiddenSize,
        HeadCounts attention,
        int intermediateSize,
        List<List<LinearModule>> modules,
        Around around,
        Map<LinearModule, MatrixSize> matrices) {
    /**
     * The size of a module's weight.
     *
     * @param out rows
     * @param in columns
     */
    public record MatrixSize(int out, int in) {}

    /**
     * The attention heads of each layer.
     *
     * @param headDim may differ from {@code hiddenSize / heads}
     */
    public record HeadCounts(int heads, int kvHeads, int headDim) {}

    /**
     * The parts around the linear modules of layers.
     *
     * @param tokens rows of the embedding and of the head; 0 if they are not known, and then no
     *     adapter may change them
     * @param tied whether the head has the embedding's weights
     * @param factorWithin whether the module of the embedding multiplies its rows
     * @param norms sizes by name, as {@code model.layers.0.input_layernorm}
     * @param experts of layers that have some
     */
    public record Around(
            int tokens,
            boolean tied,
            boolean factorWithin,
            SortedMap<String, Integer> norms,
            SortedMap<Integer, ExpertShape> experts) {
        /** Nothing is known. */
        public static final Around UNKNOWN =
                new Around(
                        0,
                        false,
                        false,
                        Collections.emptySortedMap(),
                        Collections.emptySortedMap());

        public Around {
            norms = Collections.unmodifiableSortedMap(new TreeMap<>(norms));
            experts = Collections.unmodifiableSortedMap(new TreeMap<>(experts));
        }

        static Around of(DecoderPlan plan) {
            int hidden = plan.embedding().hiddenSize();
            SortedMap<String, Integer> norms = new TreeMap<>();
            SortedMap<Integer, ExpertShape> experts = new TreeMap<>();
            for (int layer = 0; layer < plan.blocks().size(); layer++) {
                plan.blocks().get(layer).addNorms("model.layers." + layer + ".", hidden, norms);
                if (plan.blocks().get(layer).feedForward() instanceof Experts some) {
                    experts.put(
                            layer,
                            new ExpertShape(some.count(), hidden, some.width(), some.tensors()));
                }
            }
            norms.put(plan.norm().name(), hidden);
            DecoderPlan.Embedding rows = plan.embedding();
            return new Around(rows.tokens(), rows.tied(), rows.factorWithin(), norms, experts);
        }
    }

    public DecoderShape {
        modules = modules.stream().map(List::copyOf).toList();
        matrices = Map.copyOf(matrices);
    }

    /** Layers whose modules have the sizes that follow from the heads and the widths. */
    public DecoderShape(
            int hiddenSize,
            HeadCounts attention,
            int intermediateSize,
            List<List<LinearModule>> modules,
            Around around) {
        this(hiddenSize, attention, intermediateSize, modules, around, Map.of());
    }

    /** Layers of which nothing is known but their linear modules. */
    public DecoderShape(
            int hiddenSize,
            HeadCounts attention,
            int intermediateSize,
            List<List<LinearModule>> modules) {
        this(hiddenSize, attention, intermediateSize, modules, Around.UNKNOWN);
    }

    /** Layers that have each module as a matrix of its own. */
    public DecoderShape(int layers, int hiddenSize, HeadCounts attention, int intermediateSize) {
        this(
                hiddenSize,
                attention,
                intermediateSize,
                Collections.nCopies(layers, LinearModule.SEPARATE));
    }

    static DecoderShape of(DecoderPlan plan) {
        AttentionPlan.Heads heads = plan.blocks().getFirst().attention().heads();
        int width =
                plan.blocks().stream()
                        .map(BlockPlan::feedForward)
                        .filter(part -> !part.modules().isEmpty())
                        .findFirst()
                        .orElseGet(() -> plan.blocks().getFirst().feedForward())
                        .width();
        return new DecoderShape(
                plan.embedding().hiddenSize(),
                new HeadCounts(heads.queries(), heads.keys(), heads.size()),
                width,
                plan.blocks().stream().map(BlockPlan::modules).toList(),
                Around.of(plan));
    }

    public int layers() {
        return modules.size();
    }

    /** True if a layer has this module, as a matrix of its own. */
    public boolean has(int layer, LinearModule module) {
        return modules.get(layer).contains(module);
    }

    /** The modules that any layer has, in the order of {@link LinearModule}. */
    public List<LinearModule> allModules() {
        return modules.stream().flatMap(List::stream).distinct().sorted().toList();
    }

    /** Input columns of a module's weight. */
    public int inputSize(LinearModule module) {
        MatrixSize shown = matrices.get(module);
        if (shown != null) {
            return shown.in;
        }
        return switch (module) {
            case Q, K, V, QKV, GATE, UP, GATE_UP -> hiddenSize;
            case O -> attention.heads * attention.headDim;
            case DOWN -> intermediateSize;
        };
    }

    /** Output rows of a module's weight. */
    public int outputSize(LinearModule module) {
        MatrixSize shown = matrices.get(module);
        if (shown != null) {
            return shown.out;
        }
        return switch (module) {
            case Q -> attention.heads * attention.headDim;
            case K, V -> attention.kvHeads * attention.headDim;
            case QKV -> (attention.heads + 2 * attention.kvHeads) * attention.headDim;
            case O, DOWN -> hiddenSize;
            case GATE, UP -> intermediateSize;
            case GATE_UP -> 2 * intermediateSize;
        };
    }
}
