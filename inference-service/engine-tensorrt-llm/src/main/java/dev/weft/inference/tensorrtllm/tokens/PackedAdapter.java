package dev.weft.inference.tensorrtllm.tokens;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.npy.NpyArray;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.ConversionException;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.tensorrtllm.adapter.AdapterData;
import java.lang.foreign.Arena;

/** An adapter's arrays in memory, as requests bring them to the model. */
public final class PackedAdapter implements AdapterData {
    private final Arena arena = Arena.ofShared();
    private final LoraArrays arrays;

    /**
     * Converts an adapter.
     *
     * @throws EngineException {@code INVALID_ADAPTER} if the type can't hold its values
     */
    PackedAdapter(LoraAdapter adapter, NpyType type) {
        try {
            arrays = LoraArrays.of(adapter, type, arena);
        } catch (ConversionException e) {
            arena.close();
            throw new EngineException(
                    EngineException.Cause.INVALID_ADAPTER, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    NpyArray weights() {
        return arrays.weights();
    }

    NpyArray config() {
        return arrays.config();
    }

    @Override
    public long bytes() {
        return weights().data().byteSize() + config().data().byteSize();
    }

    @Override
    public void close() {
        arena.close();
    }
}
