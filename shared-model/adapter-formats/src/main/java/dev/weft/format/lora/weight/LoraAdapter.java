package dev.weft.format.lora.weight;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LoraFacts;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A checked adapter, whose weights are mapped from its file. Close it when an engine has taken what
 * it needs; the tensors are invalid afterwards.
 *
 * @param invocation the adapter is active from the last place of these tokens in a prompt on; empty
 *     if it always is
 * @param task what it was trained for
 */
public record LoraAdapter(
        AdapterDigest digest,
        LoraFacts facts,
        List<LoraPair> pairs,
        Surroundings around,
        List<Integer> invocation,
        LoraTask task,
        Arena arena)
        implements AutoCloseable {
    public LoraAdapter {
        pairs = List.copyOf(pairs);
        invocation = List.copyOf(invocation);
    }

    /** An adapter that changes linear layers of blocks only. */
    public LoraAdapter(AdapterDigest digest, LoraFacts facts, List<LoraPair> pairs, Arena arena) {
        this(digest, facts, pairs, Surroundings.NONE, List.of(), arena);
    }

    /** Returns this adapter with other surroundings, whose tensors live as long as its own. */
    public LoraAdapter with(Surroundings surroundings) {
        return new LoraAdapter(digest, facts, pairs, surroundings, invocation, task, arena);
    }

    /** An adapter that makes text. */
    public LoraAdapter(
            AdapterDigest digest,
            LoraFacts facts,
            List<LoraPair> pairs,
            Surroundings around,
            List<Integer> invocation,
            Arena arena) {
        this(digest, facts, pairs, around, invocation, new LoraTask.Generation(), arena);
    }

    /**
     * What the adapter is besides pairs of matrices, each in a word; empty for plain LoRA. A
     * consumer that knows pairs only must refuse an adapter that is more.
     */
    public List<String> extras() {
        Set<String> extras = new TreeSet<>();
        for (LoraPair pair : pairs) {
            if (pair.outputs().magnitude() != null) {
                extras.add("DoRA");
            }
            if (pair.outputs().bias() != null) {
                extras.add("a LoRA bias");
            }
        }
        around.pairs().keySet().forEach(edge -> extras.add("LoRA of " + edge.text()));
        around.copies().keySet().forEach(edge -> extras.add(edge.text() + " of its own"));
        around.bases().keySet().forEach(edge -> extras.add("a copy of the base's " + edge.text()));
        if (!around.rows().isEmpty()) {
            extras.add("tokens of its own");
        }
        if (!around.norms().isEmpty()) {
            extras.add("norms of its own");
        }
        if (!around.experts().isEmpty()) {
            extras.add("LoRA of experts");
        }
        if (!invocation.isEmpty()) {
            extras.add("an invocation (aLoRA)");
        }
        switch (task) {
            case LoraTask.Generation() -> {}
            case LoraTask.Embedding _ -> extras.add("the task FEATURE_EXTRACTION");
            case LoraTask.Classification _ -> extras.add("a head of labels (SEQ_CLS)");
        }
        return List.copyOf(extras);
    }

    /** Why a consumer that knows pairs only can't use the adapter, in words; empty if it can. */
    public Optional<String> beyondPairs() {
        List<String> extras = extras();
        return extras.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "the adapter has %s, which only the embedded engine serves"
                                .formatted(String.join(" and ", extras)));
    }

    @Override
    public void close() {
        arena.close();
    }
}
