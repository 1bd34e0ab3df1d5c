package dev.weft.format.lora.array;

import dev.weft.format.lora.config.TargetResolution.Target;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.TensorName.Half;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.safetensors.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The rows of model.lora_weights.npy, which model.lora_config.npy describes. The scale is folded
 * into B, so it is 1 here.
 */
public record ArrayPair(List<Row> rows) {
    /**
     * One adapted layer.
     *
     * @param index of the row, for reasons
     * @param a {@code [rank][in]}
     * @param b {@code [out][rank]}, times the scale
     */
    record Row(int index, ModulePath module, int rank, Tensor a, Tensor b) {}

    public ArrayPair {
        rows = List.copyOf(rows);
    }

    /** A and B of all rows, under the names that PEFT would give them. */
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (Row row : rows) {
            tensors.add(row.a);
            tensors.add(row.b);
        }
        return tensors;
    }

    public int largestRank() {
        return rows.stream().mapToInt(Row::rank).max().orElse(0);
    }

    /** The modules that the rows adapt, for adapters whose configuration names none. */
    public List<Target> targets(int maxRank, Reasons reasons) {
        for (Row row : rows) {
            if (row.rank > maxRank) {
                reasons.refuse(
                        LoraFault.RANK_OVER_MAXIMUM,
                        ArrayReader.at(row.index),
                        String.valueOf(row.rank),
                        "1 to " + maxRank,
                        "the rank is over the deployment's max_lora_rank");
            }
        }
        return rows.stream()
                .map(row -> new Target(row.module, row.rank, 1))
                .sorted(Comparator.comparing(Target::module, ModulePath.ORDER))
                .distinct()
                .toList();
    }

    /** Returns the targets with scale 1, since the rows include theirs. */
    public static List<Target> unscaled(List<Target> targets) {
        return targets.stream().map(t -> new Target(t.module(), t.rank(), 1)).toList();
    }

    static String name(ModulePath module, Side side) {
        return Half.canonical(module, side);
    }
}
