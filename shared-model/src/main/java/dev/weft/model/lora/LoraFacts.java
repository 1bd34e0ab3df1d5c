package dev.weft.model.lora;

import dev.weft.model.checkpoint.LinearModule;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an adapter is, for lists and schedulers.
 *
 * @param rank the largest rank of its modules
 * @param alpha {@code lora_alpha} of its configuration; the rank where the scale is folded into B
 * @param rsLora scaled by alpha/sqrt(r)
 * @param modules the modules it changes in at least one layer
 * @param dtype how its file stores them, e.g. {@code BF16}; {@code mixed} where several
 * @param parameters number of elements of all A and B
 */
public record LoraFacts(
        int rank,
        double alpha,
        boolean rsLora,
        SortedSet<LinearModule> modules,
        String dtype,
        long parameters) {
    public LoraFacts {
        modules = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(modules));
    }

    /** The facts of an adapter that consists of these pairs. */
    static LoraFacts of(double alpha, boolean rsLora, List<LoraPair> pairs) {
        SortedSet<LinearModule> modules = new TreeSet<>();
        SortedSet<String> dtypes = new TreeSet<>();
        int rank = 0;
        long parameters = 0;
        for (LoraPair pair : pairs) {
            modules.add(pair.module());
            dtypes.add(pair.a().dtype().name());
            dtypes.add(pair.b().dtype().name());
            rank = Math.max(rank, pair.rank());
            parameters += pair.a().elements() + pair.b().elements();
        }
        String dtype = dtypes.size() == 1 ? dtypes.getFirst() : "mixed";
        return new LoraFacts(rank, alpha, rsLora, modules, dtype, parameters);
    }
}
