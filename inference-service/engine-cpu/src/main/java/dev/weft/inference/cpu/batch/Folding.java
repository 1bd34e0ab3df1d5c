package dev.weft.inference.cpu.batch;

import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.lora.LoraSlot;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.weights.Merge;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.shelf.AdapterShelf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Folds one adapter into a copy of the base's weights, a piece between two steps at a time. Steps
 * with other rows go on using the base, so nothing has to be undone for them. Owner thread only.
 */
final class Folding {
    private final Decoder decoder;
    private final AdapterShelf<LoraSlot> adapters;
    private final KvCache cache;
    private @Nullable Merge merge;
    private CompletableFuture<Void> done = new CompletableFuture<>();

    Folding(Decoder decoder, AdapterShelf<LoraSlot> adapters, KvCache cache) {
        this.decoder = decoder;
        this.adapters = adapters;
        this.cache = cache;
    }

    /** Whether something is left to pack. */
    boolean busy() {
        return merge != null && !merge.complete();
    }

    /** Begins to fold an adapter in; its slot is released at the end. An earlier one is dropped. */
    void begin(LoraSlot slot, CompletableFuture<Void> whenDone) {
        end();
        done = whenDone;
        try {
            merge = decoder.merge(slot);
        } catch (RuntimeException | Error e) {
            adapters.release(slot);
            done.completeExceptionally(e);
        }
    }

    /** Packs the next piece; if that fails, the adapter stays as it was. */
    void next() {
        Merge current = merge;
        if (current == null || current.complete()) {
            return;
        }
        try {
            current.packNext();
            if (current.complete()) {
                decoder.use(current);
                cache.beginEra();
                done.complete(null);
            }
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
            end();
        }
    }

    /** Drops the copy. */
    void end() {
        Merge current = merge;
        if (current == null) {
            return;
        }
        merge = null;
        decoder.use(null);
        cache.beginEra();
        current.close();
        adapters.release(current.slot());
        done.completeExceptionally(
                new EngineException(
                        EngineException.Cause.CLOSED, "the adapter is not folded in any more"));
    }
}
