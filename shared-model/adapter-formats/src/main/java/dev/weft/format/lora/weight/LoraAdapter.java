package dev.weft.format.lora.weight;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LoraFacts;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * A checked adapter, whose weights are mapped from its file. Close it when an engine has taken what
 * it needs; the tensors are invalid afterwards.
 */
public record LoraAdapter(AdapterDigest digest, LoraFacts facts, List<LoraPair> pairs, Arena arena)
        implements AutoCloseable {
    public LoraAdapter {
        pairs = List.copyOf(pairs);
    }

    @Override
    public void close() {
        arena.close();
    }
}
