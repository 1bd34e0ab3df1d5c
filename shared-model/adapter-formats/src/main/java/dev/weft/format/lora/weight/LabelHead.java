package dev.weft.format.lora.weight;

import dev.weft.format.lora.config.DeclaredTask;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.name.TensorName;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.safetensors.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of labels among an adapter's tensors. PEFT saves it as it is, by {@code
 * modules_to_save}, which it fills for {@code SEQ_CLS} itself.
 */
public final class LabelHead {
    /** More labels than any published adapter has; answers hold a number for each. */
    static final int MOST_LABELS = 16_384;

    private static final String WEIGHT = TensorName.PREFIX + "score.weight";
    private static final String BIAS = TensorName.PREFIX + "score.bias";
    private static final Pattern NAME =
            Pattern.compile(
                    "(?:score|classifier)\\.(?:modules_to_save\\.(?:[A-Za-z0-9_-]+\\.)?)?(weight|bias)");

    private final int hidden;
    private final Reasons reasons;
    private final boolean valuesKnown;
    private final List<Tensor> others = new ArrayList<>();
    private final Map<String, Tensor> found = new HashMap<>();

    /**
     * Takes the head's tensors out of a file's.
     *
     * @param hidden size of the base's hidden states
     * @param valuesKnown their values have been read and accepted before
     */
    public LabelHead(Collection<Tensor> tensors, int hidden, Reasons reasons, boolean valuesKnown) {
        this.hidden = hidden;
        this.reasons = reasons;
        this.valuesKnown = valuesKnown;
        tensors.forEach(this::take);
    }

    private void take(Tensor tensor) {
        String name = tensor.name();
        Matcher matcher =
                NAME.matcher(
                        name.startsWith(TensorName.PREFIX)
                                ? name.substring(TensorName.PREFIX.length())
                                : name);
        if (!matcher.matches()) {
            others.add(tensor);
            return;
        }
        Tensor other = found.putIfAbsent(matcher.group(1), tensor);
        if (other != null) {
            refuse(
                    LoraFault.DUPLICATE_TENSOR,
                    tensor,
                    other.name(),
                    "one head of labels",
                    "stands for the same matrix as another tensor");
        }
    }

    /** The tensors that are not part of the head. */
    public List<Tensor> others() {
        return others;
    }

    /** The head; empty, with reasons, if it is missing or does not fit. */
    public Optional<LoraTask.Classification> read() {
        Tensor weight = found.get("weight");
        if (weight == null) {
            reasons.refuse(
                    LoraFault.MISSING_TENSOR,
                    new Reasons.Location(AdapterFiles.TENSORS, WEIGHT),
                    "nothing",
                    "the head of labels that was trained with the adapter",
                    "is missing, " + DeclaredTask.TYPE + " is SEQ_CLS");
            return Optional.empty();
        }
        Tensor bias = found.get("bias");
        boolean isWeightUsable = isUsable(weight);
        boolean isBiasUsable = bias == null || isUsable(bias);
        return isWeightUsable && isBiasUsable && fits(weight, bias)
                ? Optional.of(
                        new LoraTask.Classification(
                                named(WEIGHT, weight), bias == null ? null : named(BIAS, bias)))
                : Optional.empty();
    }

    private boolean fits(Tensor weight, @Nullable Tensor bias) {
        List<Long> shape = weight.shape();
        long labels = shape.isEmpty() ? 0 : shape.getFirst();
        if (labels < 1 || labels > MOST_LABELS || !shape.equals(List.of(labels, (long) hidden))) {
            misfit(weight, "[1 to " + MOST_LABELS + ", " + hidden + "]");
            return false;
        }
        if (bias != null && !bias.shape().equals(List.of(labels))) {
            misfit(bias, "[" + labels + "]");
            return false;
        }
        return true;
    }

    private void misfit(Tensor tensor, String allowed) {
        refuse(
                LoraFault.SHAPE_MISMATCH,
                tensor,
                tensor.shapeText(),
                allowed,
                "is not a head of labels for the base's hidden states");
    }

    private boolean isUsable(Tensor tensor) {
        if (!tensor.dtype().isFloat()) {
            refuse(
                    LoraFault.UNSUPPORTED_DTYPE,
                    tensor,
                    tensor.dtype().name(),
                    "F32, F16 or BF16",
                    "is of a type that is not served");
            return false;
        }
        long wrong = valuesKnown ? -1 : WeightScan.of(tensor).notFinite();
        if (wrong >= 0) {
            refuse(
                    LoraFault.NOT_FINITE,
                    tensor,
                    tensor.get(wrong) + " at index " + wrong,
                    "finite values",
                    "holds a value that is not finite");
        }
        return wrong < 0;
    }

    private void refuse(LoraFault fault, Tensor tensor, String found, String allowed, String why) {
        reasons.refuse(
                fault,
                new Reasons.Location(AdapterFiles.TENSORS, tensor.name()),
                found,
                allowed,
                why);
    }

    private static Tensor named(String name, Tensor tensor) {
        return new Tensor(name, tensor.dtype(), tensor.shape(), tensor.data());
    }
}
