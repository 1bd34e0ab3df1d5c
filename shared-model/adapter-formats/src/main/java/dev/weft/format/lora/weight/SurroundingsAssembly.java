package dev.weft.format.lora.weight;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.config.ConfigFields;
import dev.weft.format.lora.config.PeftConfig;
import dev.weft.format.lora.config.TargetResolution.EdgeTarget;
import dev.weft.format.lora.config.WholeModules;
import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.name.ExpertPath;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.NormPath;
import dev.weft.format.lora.name.StackPath;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.name.TensorPlace;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.weight.Surroundings.EdgePair;
import dev.weft.format.lora.weight.Surroundings.TokenRows;
import dev.weft.format.safetensors.Tensor;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Matches an adapter's tensors of embedding, head and norms with its configuration. */
public final class SurroundingsAssembly {
    private final DecoderShape base;
    private final PeftConfig config;
    private final List<Edge> edges;
    private final AdapterTensors tensors;
    private final Reasons reasons;
    private final TensorMatch match;

    /**
     * @param edges of the model that PEFT wrapped
     */
    public SurroundingsAssembly(
            DecoderShape base,
            PeftConfig config,
            List<Edge> edges,
            AdapterTensors tensors,
            Reasons reasons) {
        this.base = base;
        this.edges = List.copyOf(edges);
        this.config = config;
        this.tensors = tensors;
        this.reasons = reasons;
        this.match = new TensorMatch(tensors, reasons);
    }

    /** The changes that are whole and fit; everything else becomes a reason. */
    public Surroundings assemble(List<EdgeTarget> named, ExpertChanges experts) {
        List<EdgeTarget> targets = withoutHalves(named);
        WholeModules whole = config.whole();
        Set<TensorPlace> saved = whole.saved(base, edges, reasons);
        refuseTiedCopies(saved);
        Map<Edge, List<Integer>> tokens = whole.tokens(base, reasons);
        refuseConflicts(targets, saved, tokens.keySet());
        Map<Edge, EdgePair> pairs = new EnumMap<>(Edge.class);
        for (EdgeTarget target : targets) {
            pair(target).ifPresent(pair -> pairs.put(target.edge(), pair));
        }
        refuseUntied(pairs);
        Map<Edge, Tensor> copies = new EnumMap<>(Edge.class);
        SortedMap<String, Tensor> norms = new TreeMap<>();
        for (TensorPlace place : saved) {
            switch (place) {
                case Edge edge ->
                        edge(edge, Side.WEIGHT).ifPresent(tensor -> copies.put(edge, tensor));
                case NormPath norm ->
                        norm(norm).ifPresent(tensor -> norms.put(norm.text(), tensor));
                case ModulePath _, ExpertPath _, StackPath _ ->
                        throw new IllegalStateException("whole linear layers were refused");
            }
        }
        Map<Edge, TokenRows> rows = new EnumMap<>(Edge.class);
        tokens.forEach((edge, ids) -> rows(edge, ids).ifPresent(it -> rows.put(edge, it)));
        Map<Edge, Side> based = based(targets, saved, tokens.keySet());
        Map<Edge, Tensor> bases = new EnumMap<>(Edge.class);
        based.forEach((edge, side) -> edge(edge, side).ifPresent(it -> bases.put(edge, it)));
        refuseExtra(targets, saved, tokens.keySet(), based);
        return new Surroundings(pairs, copies, bases, rows, norms, experts, whole.sameBase());
    }

    /**
     * The base's edges that the file holds, and the form of their names. PEFT writes an edge beside
     * its change if it is a target or if rows of it are replaced, and under its plain name if the
     * base has got more tokens. If rows of one of two tied edges are replaced, PEFT wraps both.
     */
    private Map<Edge, Side> based(
            List<EdgeTarget> targets, Set<TensorPlace> saved, Set<Edge> tokens) {
        Map<Edge, Side> based = new EnumMap<>(Edge.class);
        for (Edge edge : Edge.values()) {
            boolean targeted = isTarget(targets, edge);
            boolean inRows = base.around().tied() ? !tokens.isEmpty() : tokens.contains(edge);
            if ((targeted || inRows) && tensors.get(edge, Side.BASE).isPresent()) {
                based.put(edge, Side.BASE);
            } else if (!targeted
                    && !saved.contains(edge)
                    && tensors.get(edge, Side.WEIGHT).isPresent()) {
                based.put(edge, Side.WEIGHT);
            }
        }
        return based;
    }

    private static boolean isTarget(List<EdgeTarget> targets, TensorPlace place) {
        return targets.stream().anyMatch(target -> target.edge().equals(place));
    }

    private void refuseConflicts(
            List<EdgeTarget> targets, Set<TensorPlace> saved, Set<Edge> tokens) {
        Set<Edge> seen = EnumSet.noneOf(Edge.class);
        for (EdgeTarget target : targets) {
            seen.add(target.edge());
        }
        for (Edge edge : Edge.values()) {
            if (saved.contains(edge) && !seen.add(edge)) {
                conflict(WholeModules.SAVED, edge);
            }
            boolean mine = tokens.contains(edge);
            boolean tied =
                    edge == Edge.HEAD && base.around().tied() && tokens.contains(Edge.EMBEDDING);
            if ((mine || tied) && !seen.add(edge)) {
                conflict(WholeModules.TOKENS, edge);
            }
        }
    }

    /**
     * The targets. If only one of two tied edges has tensors, it is refused, and returned alone.
     */
    private List<EdgeTarget> withoutHalves(List<EdgeTarget> targets) {
        if (!isTied()) {
            return targets;
        }
        List<EdgeTarget> there =
                targets.stream()
                        .filter(target -> tensors.get(target.edge(), Side.A).isPresent())
                        .toList();
        if (there.size() != 1) {
            return targets;
        }
        refuseTie(
                "true, with tensors of " + there.getFirst().edge().text() + " alone",
                "the change of one of two tied matrices would be the other's");
        return there;
    }

    /** Whether a change of the embedding is to be one of the head too. */
    private boolean isTied() {
        return config.whole().tie() && base.around().tied() && edges.contains(Edge.HEAD);
    }

    private void refuseTiedCopies(Set<TensorPlace> saved) {
        if (isTied() && saved.stream().anyMatch(Edge.class::isInstance)) {
            reasons.refuse(
                    LoraFault.UNSUPPORTED_SETTING,
                    ConfigFields.at(WholeModules.TIE),
                    "true, with " + WholeModules.SAVED,
                    "false",
                    "is not served: a saved module changes its own side only");
        }
    }

    private void refuseUntied(Map<Edge, EdgePair> pairs) {
        EdgePair embedding = pairs.get(Edge.EMBEDDING);
        EdgePair head = pairs.get(Edge.HEAD);
        if (isTied() && embedding != null && head != null && !TiedPairs.areOne(embedding, head)) {
            refuseTie(
                    "true, with tensors of embed_tokens and lm_head that differ",
                    "PEFT makes them one if the base is in float32, and leaves them two if not");
        }
    }

    private void refuseTie(String found, String why) {
        reasons.refuse(
                LoraFault.UNSUPPORTED_SETTING,
                ConfigFields.at(WholeModules.TIE),
                found,
                "false, or tensors of embed_tokens and of lm_head, each the other's, turned",
                "is not served: " + why);
    }

    private void conflict(String key, Edge edge) {
        reasons.refuse(
                LoraFault.UNSUPPORTED_SETTING,
                ConfigFields.at(key),
                edge.text(),
                "one change of a module",
                "is not served: another setting changes " + edge.text() + " too");
    }

    private Optional<EdgePair> pair(EdgeTarget target) {
        Edge edge = target.edge();
        if (edge == Edge.EMBEDDING && config.variant().bias()) {
            refuseBias();
            return Optional.empty();
        }
        long tokens = base.around().tokens();
        long in = edge == Edge.HEAD ? base.hiddenSize() : tokens;
        long out = edge == Edge.HEAD ? tokens : base.hiddenSize();
        Optional<Tensor> a = match.required(edge, Side.A, target.rank(), in);
        Optional<Tensor> b = match.required(edge, Side.B, out, target.rank());
        Optional<LoraPair.Outputs> outputs = match.outputs(edge, config.variant(), out);
        if (a.isEmpty() || b.isEmpty() || outputs.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EdgePair((float) target.scale(), a.get(), b.get(), outputs.get()));
    }

    private void refuseBias() {
        reasons.refuse(
                LoraFault.UNSUPPORTED_SETTING,
                ConfigFields.at("lora_bias"),
                "true, and a target " + Edge.EMBEDDING.text(),
                "one of both",
                "the embedding has no bias, as in PEFT");
    }

    private Optional<Tensor> edge(Edge edge, Side side) {
        return match.required(edge, side, base.around().tokens(), base.hiddenSize());
    }

    private Optional<Tensor> norm(NormPath norm) {
        Integer size = base.around().norms().get(norm.text());
        return size == null ? Optional.empty() : match.required(norm, Side.WEIGHT, size);
    }

    private Optional<TokenRows> rows(Edge edge, List<Integer> ids) {
        return match.required(edge, Side.TOKENS, ids.size(), base.hiddenSize())
                .map(values -> new TokenRows(ids, values));
    }

    /** PEFT may write the rows of a tied embedding under the head's name too. */
    private boolean isCopyOfRows(Edge edge) {
        Optional<Tensor> rows = tensors.get(Edge.EMBEDDING, Side.TOKENS);
        Optional<Tensor> copy = tensors.get(edge, Side.TOKENS);
        return base.around().tied()
                && edge == Edge.HEAD
                && rows.isPresent()
                && copy.isPresent()
                && copy.get().dtype() == rows.get().dtype()
                && copy.get().shape().equals(rows.get().shape())
                && copy.get().data().mismatch(rows.get().data()) < 0;
    }

    private void refuseExtra(
            List<EdgeTarget> targets,
            Set<TensorPlace> saved,
            Set<Edge> tokens,
            Map<Edge, Side> based) {
        for (TensorPlace place : tensors.surroundings()) {
            boolean targeted = isTarget(targets, place);
            for (Side side : Side.values()) {
                boolean asked =
                        switch (side) {
                            case A, B, BIAS, MAGNITUDE -> targeted;
                            case WEIGHT, BASE ->
                                    (side == Side.WEIGHT && saved.contains(place))
                                            || (place instanceof Edge edge
                                                    && based.get(edge) == side);
                            case TOKENS ->
                                    place instanceof Edge edge
                                            && (tokens.contains(edge) || isCopyOfRows(edge));
                        };
                if (!asked) {
                    match.refuseExtra(place, side, "what adapter_config.json asks for");
                }
            }
        }
    }
}
