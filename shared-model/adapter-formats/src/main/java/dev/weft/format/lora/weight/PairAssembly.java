package dev.weft.format.lora.weight;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.config.PeftConfig;
import dev.weft.format.lora.config.TargetResolution;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Matches the matrices of one adapter with the targets of its configuration. */
public final class PairAssembly {
    private final DecoderShape base;
    private final PeftConfig.Variant variant;
    private final AdapterTensors tensors;
    private final Reasons reasons;
    private final TensorMatch match;

    public PairAssembly(
            DecoderShape base,
            PeftConfig.Variant variant,
            AdapterTensors tensors,
            Reasons reasons) {
        this.base = base;
        this.variant = variant;
        this.tensors = tensors;
        this.reasons = reasons;
        this.match = new TensorMatch(tensors, reasons);
    }

    /**
     * The pairs that are whole and fit, block by block; the others become reasons.
     *
     * @param more whether the adapter changes something else too
     */
    public List<LoraPair> assemble(List<TargetResolution.Target> targets, boolean more) {
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
        if (!more && targets.isEmpty() && tensors.isEmpty()) {
            refuse("no tensor", "tensors of the modules that adapter_config.json targets");
        }
        if (!more) {
            checkEffect(pairs);
        }
        return pairs;
    }

    private Optional<LoraPair> pair(TargetResolution.Target target) {
        ModulePath module = target.module();
        LinearModule kind = module.module();
        Optional<Tensor> a = match.required(module, Side.A, target.rank(), base.inputSize(kind));
        Optional<Tensor> b = match.required(module, Side.B, base.outputSize(kind), target.rank());
        Optional<LoraPair.Outputs> outputs = match.outputs(module, variant, base.outputSize(kind));
        if (a.isEmpty() || b.isEmpty() || outputs.isEmpty()) {
            return Optional.empty();
        }
        float scale = (float) target.scale();
        return Optional.of(
                new LoraPair(module.layer(), kind, scale, a.get(), b.get(), outputs.get()));
    }

    private void refuseExtra(ModulePath module) {
        for (Side side : Side.values()) {
            match.refuseExtra(module, side, "modules that adapter_config.json targets");
        }
    }

    private void checkEffect(List<LoraPair> pairs) {
        boolean effect =
                pairs.isEmpty()
                        || pairs.stream()
                                .anyMatch(pair ->
                                        pair.outputs().magnitude() != null
                                                || (pair.scale() != 0 && !addsZero(pair)));
        if (!effect) {
            refuse(
                    "B (or A, or the scale) all zero in all " + pairs.size() + " pairs",
                    "at least one pair whose product is not zero");
        }
    }

    private void refuse(String found, String allowed) {
        reasons.refuse(
                LoraFault.NO_EFFECT, tensors.at(), found, allowed, "the adapter changes nothing");
    }

    private boolean addsZero(LoraPair pair) {
        boolean biasIsZero = pair.outputs().bias() == null || isZero(pair, Side.BIAS);
        return biasIsZero && (isZero(pair, Side.A) || isZero(pair, Side.B));
    }

    private boolean isZero(LoraPair pair, Side side) {
        return tensors.isZero(new ModulePath(pair.layer(), pair.module()), side);
    }
}
