package dev.weft.catalog.ingest;

import dev.weft.catalog.fetch.RejectedException;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraEffect;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.util.List;
import java.util.SortedMap;

/** How much an adapter changes the base; one that changes nothing is rejected. */
final class Effect {
    private Effect() {}

    /**
     * The norm of what the adapter's pairs add, by module.
     *
     * @throws RejectedException if all are zero and the adapter has only pairs. The factors aren't
     *     zero then, as the check of the folder has shown, but they cancel out
     */
    static SortedMap<LinearModule, Double> of(LoraAdapter adapter) throws RejectedException {
        SortedMap<LinearModule, Double> norms = LoraEffect.of(adapter.pairs());
        boolean isMore = adapter.beyondPairs().isPresent();
        if (isMore || norms.values().stream().anyMatch(norm -> norm > 0)) {
            return norms;
        }
        throw new RejectedException(
                List.of(
                        new Reason(
                                LoraFault.NO_EFFECT.name(),
                                "adapter_model.safetensors",
                                null,
                                "norm 0 of scale * B A in all modules",
                                "at least one pair whose product is not zero",
                                "the adapter changes nothing: the products of all its pairs are"
                                        + " zero")));
    }
}
