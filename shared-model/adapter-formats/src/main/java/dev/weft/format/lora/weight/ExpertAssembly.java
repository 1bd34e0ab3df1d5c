package dev.weft.format.lora.weight;

import static dev.weft.format.lora.config.ConfigFields.at;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ExpertShape;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.lora.config.PeftConfig;
import dev.weft.format.lora.config.TargetReader;
import dev.weft.format.lora.config.TargetResolution;
import dev.weft.format.lora.config.TargetResolution.Scaled;
import dev.weft.format.lora.config.WholeModules;
import dev.weft.format.lora.name.ExpertPath;
import dev.weft.format.lora.name.StackPath;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.weight.ExpertChanges.Pair;
import dev.weft.format.lora.weight.ExpertChanges.Projection;
import dev.weft.format.lora.weight.ExpertChanges.Stack;
import dev.weft.format.safetensors.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Matches an adapter's tensors of experts with its configuration. The version of transformers
 * decides which linear layers of experts PEFT could target. An expert without tensors therefore
 * counts as not targeted; a tensor that the configuration does not target is refused.
 */
public final class ExpertAssembly {
    private final DecoderShape base;
    private final PeftConfig config;
    private final TargetResolution targets;
    private final AdapterTensors tensors;
    private final Reasons reasons;
    private final TensorMatch match;

    public ExpertAssembly(
            DecoderShape base,
            PeftConfig config,
            TargetResolution targets,
            AdapterTensors tensors,
            Reasons reasons) {
        this.base = base;
        this.config = config;
        this.targets = targets;
        this.tensors = tensors;
        this.reasons = reasons;
        this.match = new TensorMatch(tensors, reasons);
    }

    /** The changes that are whole and fit; everything else becomes a reason. */
    public ExpertChanges assemble() {
        List<Pair> pairs = new ArrayList<>();
        for (ExpertPath path : tensors.experts()) {
            pair(path).ifPresent(pairs::add);
        }
        refuseFused(pairs);
        List<Stack> stacks = stacks();
        if (!pairs.isEmpty() || !stacks.isEmpty()) {
            refuseVariants();
        }
        ExpertChanges changes = new ExpertChanges(pairs, stacks);
        changes.changedTwice().ifPresent(this::refuseSecond);
        return changes;
    }

    /**
     * Refuses settings that mean something else on transformers 5. There PEFT makes one pair of an
     * expert's gate and up when it loads them, with twice the rank and twice the alpha; with {@code
     * use_rslora} that is another scale. PEFT matches patterns against the name of the pair that it
     * made.
     */
    private void refuseFused(List<Pair> pairs) {
        boolean fuses = pairs.stream().anyMatch(pair -> pair.projection() != Projection.DOWN);
        if (fuses && config.variant().rsLora()) {
            refuseSetting(
                    "use_rslora",
                    "true, and single experts' gate and up",
                    "false, or target_parameters, as PEFT on transformers 5 saves experts");
        }
        SortedSet<String> patterns = new TreeSet<>();
        for (Pair pair : pairs) {
            boolean down = pair.projection() == Projection.DOWN;
            patterns.addAll(targets.patterns(targets.spelled(pair.path())));
            patterns.addAll(
                    targets.patterns(
                            parameter(
                                    pair.path().layer(),
                                    down ? Projection.DOWN : Projection.GATE_UP)));
        }
        for (String pattern : patterns) {
            refuseSetting(
                    pattern, "a pattern of single experts", "none that matches an expert's layers");
        }
    }

    private void refuseSetting(String key, String found, String allowed) {
        reasons.refuse(
                LoraFault.UNSUPPORTED_SETTING,
                at(key),
                found,
                allowed,
                "is not served: PEFT gives single experts another rank or scale by it on"
                        + " transformers 4 than on 5");
    }

    private void refuseSecond(Pair pair) {
        reasons.refuse(
                LoraFault.UNSUPPORTED_SETTING,
                at(WholeModules.PARAMETERS),
                config.whole().parameters().toString(),
                "one change of a projection of experts",
                "is not served: "
                        + TargetReader.TARGETS
                        + " changes "
                        + pair.path().text()
                        + " too");
    }

    private Optional<Pair> pair(ExpertPath path) {
        Optional<Scaled> scaled = targets.scaled(path);
        ExpertShape shape = base.around().experts().get(path.layer());
        Optional<Projection> projection = shape == null ? Optional.empty() : of(shape, path);
        if (scaled.isEmpty() || shape == null || projection.isEmpty()) {
            for (Side side : Side.values()) {
                match.refuseExtra(path, side, "modules that adapter_config.json targets");
            }
            return Optional.empty();
        }
        int rank = scaled.get().rank();
        long in = ExpertChanges.in(projection.get(), shape);
        long out = ExpertChanges.out(projection.get(), shape);
        Optional<Tensor> a = match.required(path, Side.A, rank, in);
        Optional<Tensor> b = match.required(path, Side.B, out, rank);
        match.refuseExtra(path, Side.BIAS, "none for experts");
        match.refuseExtra(path, Side.MAGNITUDE, "none for experts");
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        float scale = (float) scaled.get().scale();
        return Optional.of(new Pair(path, projection.get(), scale, a.get(), b.get()));
    }

    private static Optional<Projection> of(ExpertShape shape, ExpertPath path) {
        if (!(shape.tensors() instanceof ExpertTensors.Single single)
                || !single.prefix().equals(path.prefix())
                || path.expert() >= shape.count()) {
            return Optional.empty();
        }
        Map<String, Projection> names =
                Map.of(
                        single.gate(), Projection.GATE,
                        single.up(), Projection.UP,
                        single.down(), Projection.DOWN);
        return Optional.ofNullable(names.get(path.name()));
    }

    private List<Stack> stacks() {
        List<Stack> stacks = new ArrayList<>();
        Set<String> used = new HashSet<>();
        base.around()
                .experts()
                .forEach((layer, shape) -> {
                    boolean gateUp = isTargeted(layer, Projection.GATE_UP, used);
                    boolean down = isTargeted(layer, Projection.DOWN, used);
                    StackPath outer = new StackPath(layer, false);
                    StackPath inner = new StackPath(layer, true);
                    if (gateUp) {
                        StackPath place = down ? inner : outer;
                        stack(place, Projection.GATE_UP, shape).ifPresent(stacks::add);
                    }
                    if (down) {
                        stack(outer, Projection.DOWN, shape).ifPresent(stacks::add);
                    }
                    refuseExtra(outer, gateUp || down);
                    refuseExtra(inner, gateUp && down);
                });
        for (String name : config.whole().parameters()) {
            if (!used.contains(name)) {
                reasons.refuse(
                        LoraFault.UNKNOWN_MODULE,
                        at(WholeModules.PARAMETERS),
                        name,
                        "mlp.experts.gate_up_proj and mlp.experts.down_proj of layers with experts",
                        "is not a parameter of the base's experts");
            }
        }
        return stacks;
    }

    private void refuseExtra(StackPath path, boolean targeted) {
        for (Side side : Side.values()) {
            if (!targeted || (side != Side.A && side != Side.B)) {
                match.refuseExtra(path, side, "parameters that adapter_config.json targets");
            }
        }
    }

    /** The name of the parameter, as the adapter spells it. */
    private String parameter(int layer, Projection projection) {
        return targets.spelled(new StackPath(layer, false)) + "." + projection.parameter();
    }

    private boolean isTargeted(int layer, Projection projection, Set<String> used) {
        String key = parameter(layer, projection);
        boolean targeted = false;
        for (String name : config.whole().parameters()) {
            if (key.equals(name) || key.endsWith("." + name)) {
                used.add(name);
                targeted = true;
            }
        }
        return targeted;
    }

    private Optional<Stack> stack(StackPath path, Projection projection, ExpertShape shape) {
        Optional<Scaled> scaled = targets.scaledBy(parameter(path.layer(), projection));
        if (scaled.isEmpty()) {
            return Optional.empty();
        }
        int rank = scaled.get().rank();
        long ranks = (long) rank * shape.count();
        long in = ExpertChanges.in(projection, shape);
        long out = ExpertChanges.out(projection, shape);
        Optional<Tensor> a = match.required(path, Side.A, ranks, in);
        Optional<Tensor> b = match.required(path, Side.B, out, ranks);
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        float scale = (float) scaled.get().scale();
        return Optional.of(new Stack(path, projection, rank, scale, a.get(), b.get()));
    }

    private void refuseVariants() {
        refuseVariant(config.variant().dora(), "use_dora");
        refuseVariant(config.variant().bias(), "lora_bias");
    }

    private void refuseVariant(boolean set, String key) {
        if (set) {
            reasons.refuse(
                    LoraFault.UNSUPPORTED_SETTING,
                    at(key),
                    "true, and targets among experts",
                    "one of both",
                    "is not served for experts");
        }
    }
}
