package dev.weft.format.trtllm;

import dev.weft.format.lora.file.Rename;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.npy.NpyArray;
import dev.weft.format.npy.NpyFile;
import dev.weft.format.npy.NpyType;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraPlugin;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An adapter in the form of the inputs {@code lora_weights} and {@code lora_config} of
 * TensorRT-LLM's Triton backend, batch dimension included. The layout is that of NVIDIA's
 * examples/hf_lora_convert.py:
 *
 * <ul>
 *   <li>{@code config} is {@code [1][rows][3]} int32: module ({@code LinearModule.tensorRtId}),
 *       layer, rank of each row.
 *   <li>{@code weights} is {@code [1][rows][width]}. A row holds A {@code [rank][in]}, then B
 *       {@code [out][rank]} times the scale, then zeros; width is the longest row's. The product is
 *       taken in float32, then rounded to the type.
 * </ul>
 *
 * Each row has its own rank and scale. Rows are in the order of the adapter's pairs. Weights are
 * whole whatever the number of GPUs: the engine takes its slices itself.
 */
public record LoraArrays(NpyArray weights, NpyArray config) {
    /** Name of the file of {@code lora_weights}. */
    public static final String WEIGHTS_FILE = "model.lora_weights.npy";

    /** Name of the file of {@code lora_config}. */
    public static final String CONFIG_FILE = "model.lora_config.npy";

    private static final int COLUMNS = 3;
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The type of the weights that an engine takes. */
    public static NpyType storage(LoraPlugin plugin) {
        return switch (plugin) {
            case FLOAT16 -> NpyType.FLOAT16;
            case FLOAT32 -> NpyType.FLOAT32;
            case BFLOAT16 -> NpyType.BFLOAT16;
        };
    }

    /**
     * Converts a checked adapter.
     *
     * @param storage FLOAT16, FLOAT32 or BFLOAT16: that of the engine's lora_plugin
     * @param arena holds the new arrays; the adapter may be closed afterwards
     * @throws ConversionException if a value is too large for the type, or if a matrix is so small
     *     that nothing would be left of it; or if the adapter is more than pairs
     */
    public static LoraArrays of(LoraAdapter adapter, NpyType storage, Arena arena)
            throws ConversionException {
        Optional<String> more = adapter.beyondPairs();
        if (more.isPresent()) {
            throw new ConversionException(more.get());
        }
        List<LoraPair> pairs = adapter.pairs();
        for (LoraPair pair : pairs) {
            if (!LinearModule.SEPARATE.contains(pair.module())) {
                throw new ConversionException(
                        "it changes %s, a fused module; TensorRT-LLM's arrays have %s"
                                .formatted(
                                        pair.module().shortName(),
                                        ModulePath.names(LinearModule.SEPARATE)));
            }
        }
        long width = pairs.stream().mapToLong(LoraArrays::length).max().orElse(0);
        long rowBytes = width * storage.bytes();
        MemorySegment weights = arena.allocate(rowBytes * pairs.size(), Long.BYTES);
        MemorySegment config = arena.allocate(4L * COLUMNS * pairs.size(), Long.BYTES);
        long at = 0;
        for (LoraPair pair : pairs) {
            config.set(INT, 4 * COLUMNS * at, pair.module().tensorRtId());
            config.set(INT, 4 * (COLUMNS * at + 1), pair.layer());
            config.set(INT, 4 * (COLUMNS * at + 2), pair.rank());
            var row = new RowWriter(weights.asSlice(at * rowBytes, rowBytes), storage);
            row.append(pair.a(), 1);
            row.append(pair.b(), pair.scale());
            at++;
        }
        long rows = pairs.size();
        return new LoraArrays(
                new NpyArray(storage, List.of(1L, rows, width), weights),
                new NpyArray(NpyType.INT32, List.of(1L, rows, (long) COLUMNS), config));
    }

    private static long length(LoraPair pair) {
        return pair.a().elements() + pair.b().elements();
    }

    /**
     * Writes both files. A new folder appears with both or not at all.
     *
     * @param folder created if it isn't there
     * @throws FileAlreadyExistsException if one of the files is there already
     */
    public void write(Path folder) throws IOException {
        for (String name : List.of(WEIGHTS_FILE, CONFIG_FILE)) {
            if (Files.exists(folder.resolve(name))) {
                throw new FileAlreadyExistsException(folder.resolve(name).toString());
            }
        }
        Path parent = folder.toAbsolutePath().normalize().getParent();
        Files.createDirectories(parent == null ? folder : parent);
        Path part = Files.createTempDirectory(parent == null ? folder : parent, ".arrays-");
        try {
            NpyFile.write(part.resolve(WEIGHTS_FILE), weights);
            NpyFile.write(part.resolve(CONFIG_FILE), config);
            if (Files.exists(folder)) {
                Rename.atOnce(part.resolve(WEIGHTS_FILE), folder.resolve(WEIGHTS_FILE));
                Rename.atOnce(part.resolve(CONFIG_FILE), folder.resolve(CONFIG_FILE));
            } else {
                Rename.atOnce(part, folder);
            }
        } finally {
            Files.deleteIfExists(part.resolve(WEIGHTS_FILE));
            Files.deleteIfExists(part.resolve(CONFIG_FILE));
            Files.deleteIfExists(part);
        }
    }
}
