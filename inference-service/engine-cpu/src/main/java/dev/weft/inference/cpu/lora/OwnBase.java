package dev.weft.inference.cpu.lora;

import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.inference.cpu.kernel.math.Bf16;
import dev.weft.inference.engine.EngineException;
import java.util.EnumMap;
import java.util.Map;

/**
 * The copies of the base's embedding and head that PEFT saves beside their low-rank change ({@code
 * base_layer.weight}) and loads into the base again. A copy that is the base's is left out, so that
 * it takes no memory. Another one, e.g. of a checkpoint that was trained further, becomes the
 * adapter's own edge, on both sides if the base's are tied, unless the base takes none such.
 */
public final class OwnBase {
    private static final int CHUNK = 1 << 14;

    private OwnBase() {}

    /**
     * The adapter as it changes this base. Reads all copies that the adapter has; run it beside the
     * batch loop.
     *
     * @param tied whether the base's embedding is its head too
     * @throws EngineException {@code INVALID_ADAPTER} if no single base has these copies, or if
     *     they must be this base's and are not
     */
    public static LoraAdapter over(LoraAdapter adapter, AdaptedBase base, boolean tied) {
        Map<Edge, Tensor> bases = adapter.around().bases();
        if (bases.isEmpty()) {
            return adapter;
        }
        Map<Edge, Tensor> others = new EnumMap<>(Edge.class);
        bases.forEach((edge, copy) -> {
            if (!isCopy(copy, base.edge(edge))) {
                others.put(edge, copy);
            }
        });
        if (!others.isEmpty() && adapter.around().sameBase()) {
            throw EngineException.invalidAdapter(
                    "the adapter's copy of %s is not the base's, and this base takes adapters of other modules alone"
                            .formatted(others.keySet().iterator().next().text()));
        }
        if (!others.isEmpty() && !adapter.invocation().isEmpty()) {
            throw EngineException.invalidAdapter(
                    "the adapter has an invocation, and was trained on a base with another %s"
                            .formatted(others.keySet().iterator().next().text()));
        }
        if (tied) {
            tie(others, bases.size());
        }
        others.putAll(adapter.around().copies());
        return adapter.with(adapter.around().over(others));
    }

    private static void tie(Map<Edge, Tensor> others, int copies) {
        if (others.isEmpty()) {
            return;
        }
        Tensor first = others.values().iterator().next();
        boolean same = others.values().stream().allMatch(it -> isCopy(it, first));
        if (others.size() < copies || !same) {
            throw EngineException.invalidAdapter(
                    "the adapter's copies of embed_tokens and lm_head differ, which are one matrix"
                            + " in the base");
        }
        for (Edge edge : Edge.values()) {
            others.putIfAbsent(edge, first);
        }
    }

    /** Whether a copy holds the original's values, rounded to its own type. */
    public static boolean isCopy(Tensor copy, WeightMatrix original) {
        if (original instanceof Tensor stored && stored.dtype() == copy.dtype()) {
            return copy.data().mismatch(stored.data()) < 0;
        }
        float[] copied = new float[CHUNK];
        float[] values = new float[CHUNK];
        for (long at = 0; at < copy.elements(); at += CHUNK) {
            int count = (int) Math.min(CHUNK, copy.elements() - at);
            copy.copyTo(at, copied, 0, count);
            original.copyTo(at, values, 0, count);
            for (int i = 0; i < count; i++) {
                if (copied[i] != rounded(values[i], copy.dtype())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static float rounded(float value, DType type) {
        return switch (type) {
            case BF16 -> Bf16.toFloat(Bf16.of(value));
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            default -> value;
        };
    }
}
