package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.shelf.ShelvedAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An adapter as the engine keeps it: its blocks by layer and site, packed outside the heap. */
public final class LoraSlot implements ShelvedAdapter {
    private final AdapterDigest digest;
    private final Arena arena;
    private final List<Map<LoraSite, LoraBlock>> blocks;
    private final long bytes;

    /**
     * Packs an adapter. Takes milliseconds to some hundred of them; run it beside the batch loop.
     */
    public LoraSlot(AdapterDigest digest, DecoderShape config, List<LoraPair> pairs) {
        this.digest = digest;
        this.arena = new LargePages(pairs.stream().mapToLong(LoraBlock::mostBytes).sum());
        try {
            this.blocks = pack(config, pairs);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
        this.bytes =
                blocks.stream()
                        .flatMap(sites -> sites.values().stream())
                        .mapToLong(LoraBlock::bytes)
                        .sum();
    }

    private List<Map<LoraSite, LoraBlock>> pack(DecoderShape config, List<LoraPair> pairs) {
        List<Map<LoraSite, LoraBlock>> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            Map<LoraSite, LoraBlock> sites = new EnumMap<>(LoraSite.class);
            for (LoraSite site : LoraSite.values()) {
                List<LoraPair> here = at(pairs, layer, site);
                if (!here.isEmpty()) {
                    sites.put(site, LoraBlock.pack(arena, config, here));
                }
            }
            layers.add(sites);
        }
        return List.copyOf(layers);
    }

    /**
     * Checks that an adapter fits the base.
     *
     * @throws EngineException {@code INVALID_ADAPTER} if it does not
     */
    public static void check(LoraAdapter adapter, DecoderShape config, int maxRank) {
        for (LoraPair pair : adapter.pairs()) {
            pair.misfit(config, maxRank)
                    .ifPresent(why -> {
                        throw EngineException.invalidAdapter(why);
                    });
        }
    }

    @Override
    public AdapterDigest digest() {
        return digest;
    }

    /** The adapter's matrices at one site; null if it leaves the site as it is. */
    public @Nullable LoraBlock block(int layer, LoraSite site) {
        return blocks.get(layer).get(site);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    boolean freed() {
        return !arena.scope().isAlive();
    }

    @Override
    public void close() {
        arena.close();
    }

    private static List<LoraPair> at(List<LoraPair> pairs, int layer, LoraSite site) {
        return site.modules().stream()
                .flatMap(m -> pairs.stream().filter(p -> p.layer() == layer && p.module() == m))
                .toList();
    }
}
