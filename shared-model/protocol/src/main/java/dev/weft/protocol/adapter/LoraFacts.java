package dev.weft.protocol.adapter;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Facts about an adapter, for lists and schedulers.
 *
 * @param rank the largest rank of its modules
 * @param alpha {@code lora_alpha} of its configuration; the rank if the scale is folded into B
 * @param rsLora scaled by alpha/sqrt(r)
 * @param modules the modules it changes in at least one layer
 * @param dtype the type in which its file stores them, e.g. {@code BF16}; {@code mixed} if several
 * @param parameters number of elements of all A and B
 * @param task what it was trained for
 */
public record LoraFacts(
        int rank,
        double alpha,
        boolean rsLora,
        SortedSet<LinearModule> modules,
        String dtype,
        long parameters,
        AdapterTask task) {
    public LoraFacts {
        modules = Collections.unmodifiableSortedSet(new TreeSet<>(modules));
    }

    /** The facts of an adapter that makes text. */
    public LoraFacts(
            int rank,
            double alpha,
            boolean rsLora,
            SortedSet<LinearModule> modules,
            String dtype,
            long parameters) {
        this(rank, alpha, rsLora, modules, dtype, parameters, AdapterTask.CAUSAL_LM);
    }
}
