package dev.weft.inference.cpu.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.lora.weight.LoraTask;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.cpu.kernel.vector.RmsNorm;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.shelf.ShelvedAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An adapter as the engine keeps it: its blocks by layer and site, packed outside the heap. */
public final class LoraSlot implements ShelvedAdapter {
    private final AdapterDigest digest;
    private final Arena arena;
    private final List<Map<LoraSite, LoraBlock>> blocks;
    private final List<Integer> invocation;
    private final @Nullable EmbeddingChange embedding;
    private final @Nullable HeadChange head;
    private final @Nullable ExpertBlocks experts;
    private final @Nullable LabelRows labels;
    private final boolean generates;

    /** The adapter's norms, by the object of the base's norm. */
    private final IdentityHashMap<RmsNorm, RmsNorm> norms;

    private final long blockBytes;
    private final long bytes;

    /**
     * Packs an adapter. Takes milliseconds to some hundred of them, and with DoRA as long as it
     * takes to multiply A by all weights of the layers that it changes; run it beside the batch
     * loop.
     *
     * @throws EngineException {@code INVALID_ADAPTER} if it can't be computed with this base
     */
    public LoraSlot(
            AdapterDigest digest, DecoderShape config, LoraAdapter adapter, AdaptedBase base) {
        List<LoraPair> pairs = adapter.pairs();
        Surroundings around = adapter.around();
        this.digest = digest;
        this.invocation = adapter.invocation();
        this.generates = adapter.task() instanceof LoraTask.Generation;
        this.arena = new LargePages(mostBytes(adapter));
        try {
            this.blocks = pack(config, pairs, base);
            this.embedding = EmbeddingChange.pack(arena, around, base);
            this.head = HeadChange.pack(arena, config, around, base);
            this.experts = ExpertBlocks.pack(arena, config, around.experts());
            this.norms = norms(around, base);
            this.labels = LabelRows.of(adapter.task());
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
        this.blockBytes =
                blocks.stream()
                        .flatMap(sites -> sites.values().stream())
                        .mapToLong(LoraBlock::bytes)
                        .sum();
        this.bytes =
                blockBytes
                        + (embedding == null ? 0 : embedding.bytes())
                        + (head == null ? 0 : head.bytes())
                        + (experts == null ? 0 : experts.bytes())
                        + (labels == null ? 0 : labels.bytes())
                        + around.norms().values().stream().mapToLong(Tensor::elements).sum()
                                * Float.BYTES;
    }

    /** Most bytes of all that is packed outside the heap, so that it lies in one slab. */
    static long mostBytes(LoraAdapter adapter) {
        return adapter.pairs().stream().mapToLong(LoraBlock::mostBytes).sum()
                + EmbeddingChange.mostBytes(adapter.around())
                + HeadChange.mostBytes(adapter.around())
                + ExpertBlocks.mostBytes(adapter.around().experts());
    }

    private static IdentityHashMap<RmsNorm, RmsNorm> norms(Surroundings around, AdaptedBase base) {
        IdentityHashMap<RmsNorm, RmsNorm> norms = new IdentityHashMap<>();
        around.norms()
                .forEach((path, values) -> {
                    AdaptedBase.Norm norm = base.norm(path);
                    float[] weights = values.floats();
                    for (int i = 0; norm.plusOne() && i < weights.length; i++) {
                        weights[i] += 1;
                    }
                    norms.put(norm.norm(), norm.norm().with(weights));
                });
        return norms;
    }

    private List<Map<LoraSite, LoraBlock>> pack(
            DecoderShape config, List<LoraPair> pairs, AdaptedBase base) {
        List<Map<LoraSite, LoraBlock>> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            Map<LoraSite, LoraBlock> sites = new EnumMap<>(LoraSite.class);
            for (LoraSite site : LoraSite.values()) {
                List<LoraPair> here = at(pairs, layer, site);
                if (!here.isEmpty()) {
                    sites.put(site, LoraBlock.pack(arena, config, here, base));
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
        adapter.around()
                .misfit(config, maxRank)
                .ifPresent(why -> {
                    throw EngineException.invalidAdapter(why);
                });
        if (adapter.task() instanceof LoraTask.Classification head
                && !head.fits(config.hiddenSize())) {
            throw EngineException.invalidAdapter(
                    "the adapter's head of labels is "
                            + head.weight().shapeText()
                            + "; the base's hidden size is "
                            + config.hiddenSize());
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

    /** Whether the adapter can be folded into a copy of the base's linear layers, all of it. */
    public boolean folds() {
        return invocation.isEmpty()
                && embedding == null
                && head == null
                && experts == null
                && norms.isEmpty()
                && blocks.stream()
                        .flatMap(sites -> sites.values().stream())
                        .allMatch(LoraBlock::folds);
    }

    /**
     * The position of a prompt from which on it is active: 0 if it always is, the largest integer
     * if the prompt has no invocation.
     */
    public int activeFrom(List<Integer> prompt) {
        if (invocation.isEmpty()) {
            return 0;
        }
        int place = Collections.lastIndexOfSubList(prompt, invocation);
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    /** The adapter's change of the tokens' embeddings; null for none. */
    public @Nullable EmbeddingChange embedding() {
        return embedding;
    }

    /** The adapter's change of experts; null for none. */
    @Nullable ExpertBlocks experts() {
        return experts;
    }

    /** The adapter's change of the head; null for none. */
    @Nullable HeadChange head() {
        return head;
    }

    /** Its head of labels; null if it has none. */
    public @Nullable LabelRows labels() {
        return labels;
    }

    /** Whether it was trained to make text. */
    public boolean generates() {
        return generates;
    }

    /** The adapter's norm in the place of a base's; the base's if the adapter has none. */
    public RmsNorm norm(RmsNorm base) {
        return norms.isEmpty() ? base : norms.getOrDefault(base, base);
    }

    /** Bytes of the matrices that a step reads for each of its rows. */
    long blockBytes() {
        return blockBytes;
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
