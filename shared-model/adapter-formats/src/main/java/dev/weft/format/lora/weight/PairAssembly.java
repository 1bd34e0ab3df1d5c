package dev.weft.format.lora.weight;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.config.TargetResolution;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.TensorName.Half;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.safetensors.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Matches the matrices of one adapter with the targets of its configuration. */
public final class PairAssembly {
    private final DecoderShape base;
    private final AdapterTensors tensors;
    private final Reasons reasons;

    public PairAssembly(DecoderShape base, AdapterTensors tensors, Reasons reasons) {
        this.base = base;
        this.tensors = tensors;
        this.reasons = reasons;
    }

    /** The pairs that are whole and fit, block by block; the others become reasons. */
    public List<LoraPair> assemble(List<TargetResolution.Target> targets) {
        List<LoraPair> pairs = new ArrayList<>();
        Set<ModulePath> targeted = new HashSet<>();
        for (TargetResolution.Target target : targets) {
            targeted.add(target.module());
            pair(target).ifPresent(pairs::add);
        }
        tensors.modules().stream()
                .filter(module -> !targeted.contains(module))
                .sorted(ModulePath.ORDER)
                .forEach(this::refuseExtra);
        checkEffect(pairs);
        return pairs;
    }

    private Optional<LoraPair> pair(TargetResolution.Target target) {
        ModulePath module = target.module();
        Optional<Tensor> a = tensors.get(module, Side.A);
        Optional<Tensor> b = tensors.get(module, Side.B);
        if (a.isEmpty()) {
            refuseMissing(module, Side.A);
        }
        if (b.isEmpty()) {
            refuseMissing(module, Side.B);
        }
        boolean fitsA =
                a.isPresent() && fits(a.get(), target.rank(), base.inputSize(module.module()));
        boolean fitsB =
                b.isPresent() && fits(b.get(), base.outputSize(module.module()), target.rank());
        if (!fitsA || !fitsB) {
            return Optional.empty();
        }
        float scale = (float) target.scale();
        return Optional.of(
                new LoraPair(
                        module.layer(), module.module(), scale, a.orElseThrow(), b.orElseThrow()));
    }

    private boolean fits(Tensor tensor, long rows, long columns) {
        boolean fits = tensor.shape().equals(List.of(rows, columns));
        if (!fits) {
            reasons.refuse(
                    LoraFault.SHAPE_MISMATCH,
                    tensors.at(tensor.name()),
                    tensor.shapeText(),
                    "[" + rows + ", " + columns + "]",
                    "does not fit the base model and the rank");
        }
        return fits;
    }

    private void refuseMissing(ModulePath module, Side side) {
        boolean half = tensors.has(module);
        reasons.refuse(
                LoraFault.MISSING_TENSOR,
                tensors.at(Half.canonical(module, side)),
                half ? "only the other matrix of the pair" : "nothing",
                "A and B of every targeted module",
                "is missing, the configuration targets its module");
    }

    private void refuseExtra(ModulePath module) {
        for (Side side : Side.values()) {
            tensors.get(module, side)
                    .ifPresent(tensor ->
                            reasons.refuse(
                                    LoraFault.EXTRA_TENSOR,
                                    tensors.at(tensor.name()),
                                    module.text(),
                                    "modules that adapter_config.json targets",
                                    "is for a module that the configuration does not" + " target"));
        }
    }

    private void checkEffect(List<LoraPair> pairs) {
        boolean effect =
                pairs.isEmpty()
                        || pairs.stream()
                                .anyMatch(pair ->
                                        pair.scale() != 0
                                                && !isZero(pair, Side.A)
                                                && !isZero(pair, Side.B));
        if (!effect) {
            String allowed = "at least one pair whose product is not zero";
            reasons.refuse(
                    LoraFault.NO_EFFECT,
                    tensors.at(),
                    "B (or A, or the scale) all zero in all " + pairs.size() + " pairs",
                    allowed,
                    "the adapter changes nothing");
        }
    }

    private boolean isZero(LoraPair pair, Side side) {
        return tensors.isZero(new ModulePath(pair.layer(), pair.module()), side);
    }
}
