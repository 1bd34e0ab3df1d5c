package dev.weft.format.lora.weight;

import dev.weft.format.lora.config.PeftConfig;
import dev.weft.format.lora.name.TensorName.Half;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.name.TensorPlace;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.safetensors.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the tensors of places, and refuses those that are missing, too many or misshapen. */
final class TensorMatch {
    private final AdapterTensors tensors;
    private final Reasons reasons;

    TensorMatch(AdapterTensors tensors, Reasons reasons) {
        this.tensors = tensors;
        this.reasons = reasons;
    }

    /** A tensor that must be there with that shape; else empty, with a reason. */
    Optional<Tensor> required(TensorPlace place, Side side, long... sizes) {
        Optional<Tensor> tensor = tensors.get(place, side);
        if (tensor.isEmpty()) {
            reasons.refuse(
                    LoraFault.MISSING_TENSOR,
                    tensors.at(Half.canonical(place, side)),
                    tensors.has(place) ? "only other tensors of the module" : "nothing",
                    "every tensor of every module that the configuration names",
                    "is missing, the configuration names its module");
        }
        return tensor.filter(it -> fits(it, sizes));
    }

    /** The vectors that the variant has; empty if one is missing, or there is one too many. */
    Optional<LoraPair.Outputs> outputs(TensorPlace place, PeftConfig.Variant variant, long size) {
        Optional<Tensor> bias = vector(place, Side.BIAS, variant.bias(), size);
        Optional<Tensor> magnitude = vector(place, Side.MAGNITUDE, variant.dora(), size);
        boolean fits =
                bias.isPresent() == variant.bias() && magnitude.isPresent() == variant.dora();
        return fits
                ? Optional.of(new LoraPair.Outputs(bias.orElse(null), magnitude.orElse(null)))
                : Optional.empty();
    }

    private Optional<Tensor> vector(TensorPlace place, Side side, boolean wanted, long size) {
        if (wanted) {
            return required(place, side, size);
        }
        String setting = side == Side.BIAS ? "lora_bias" : "use_dora";
        refuseExtra(place, side, "none without " + setting);
        return Optional.empty();
    }

    /** Refuses a tensor, if it is there, that the configuration does not ask for. */
    void refuseExtra(TensorPlace place, Side side, String allowed) {
        tensors.get(place, side)
                .ifPresent(tensor ->
                        reasons.refuse(
                                LoraFault.EXTRA_TENSOR,
                                tensors.at(tensor.name()),
                                place.text(),
                                allowed,
                                "is a tensor that the configuration does not ask for"));
    }

    private boolean fits(Tensor tensor, long... sizes) {
        List<Long> shape = Arrays.stream(sizes).boxed().toList();
        boolean fits = tensor.shape().equals(shape);
        if (!fits) {
            reasons.refuse(
                    LoraFault.SHAPE_MISMATCH,
                    tensors.at(tensor.name()),
                    tensor.shapeText(),
                    shape.toString(),
                    "does not fit the base model and the rank");
        }
        return fits;
    }
}
