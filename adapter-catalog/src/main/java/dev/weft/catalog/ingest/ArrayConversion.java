package dev.weft.catalog.ingest;

import dev.weft.catalog.artifact.FolderTree;
import dev.weft.catalog.base.Base;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.npy.NpyType;
import dev.weft.format.trtllm.ConversionException;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes an adapter also as TensorRT-LLM's arrays. An adapter whose values the engine's type can't
 * hold is served without them, with a warning to its owner.
 */
final class ArrayConversion {
    private final ArrayTypes types;

    /**
     * The result of a conversion.
     *
     * @param files the two arrays, or none
     * @param warnings why there are none
     */
    record Converted(List<Path> files, List<Reason> warnings) {}

    ArrayConversion(ArrayTypes types) {
        this.types = types;
    }

    /**
     * Converts an adapter.
     *
     * @param base of the adapter
     * @param folder a folder for the arrays alone; its content is replaced
     */
    Converted convert(LoraAdapter adapter, Base base, Path folder) throws IOException {
        NpyType storage = types.of(base);
        FolderTree.delete(folder);
        try (Arena arena = Arena.ofConfined()) {
            LoraArrays.of(adapter, storage, arena).write(folder);
        } catch (ConversionException e) {
            return new Converted(
                    List.of(), List.of(warning(storage, String.valueOf(e.getMessage()))));
        }
        return new Converted(
                List.of(
                        folder.resolve(LoraArrays.WEIGHTS_FILE),
                        folder.resolve(LoraArrays.CONFIG_FILE)),
                List.of());
    }

    private static Reason warning(NpyType storage, String why) {
        return new Reason(
                "NO_ARRAYS",
                LoraArrays.WEIGHTS_FILE,
                null,
                null,
                storage.name(),
                "TensorRT-LLM's arrays are not stored: " + why);
    }
}
