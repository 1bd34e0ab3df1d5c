package dev.weft.format.safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The names, types and shapes of a safetensors file's tensors, read from its first bytes alone.
 * Types that nothing here computes with, as servers have them, are taken too.
 */
public final class SafetensorsHead {
    /** Types of several elements in one byte, so that a shape isn't the matrix's. */
    private static final Set<String> PACKED =
            Set.of("U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64", "BOOL", "F4", "F6_E2M3");

    private SafetensorsHead() {}

    /**
     * A tensor.
     *
     * @param type as the file names it
     */
    public record Weight(String type, List<Long> shape) {
        public Weight {
            shape = List.copyOf(shape);
        }

        /** Whether each element stands for one value of the matrix. */
        public boolean isUnpacked() {
            return !PACKED.contains(type);
        }
    }

    /**
     * Reads the head of a file.
     *
     * @throws SafetensorsException if it breaks the format
     * @throws IOException if it can't be read
     */
    public static Map<String, Weight> read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        try (InputStream in = Files.newInputStream(file)) {
            byte[] length = in.readNBytes(Long.BYTES);
            long bytes =
                    length.length < Long.BYTES
                            ? -1
                            : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (bytes < 2 || bytes > SafetensorsFile.MAX_HEADER_BYTES) {
                throw new SafetensorsException(
                        name + ": a header of " + bytes + " bytes is not read");
            }
            byte[] header = in.readNBytes((int) bytes);
            if (header.length < bytes) {
                throw new SafetensorsException(name + ": ends within its header");
            }
            return weights(name, HeaderReader.parse(name, header));
        }
    }

    private static Map<String, Weight> weights(String file, JsonNode root)
            throws SafetensorsException {
        Map<String, Weight> weights = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!entry.getKey().equals(HeaderReader.METADATA)) {
                List<Long> shape = new ArrayList<>();
                for (JsonNode size : entry.getValue().path("shape")) {
                    if (!size.isIntegralNumber() || !size.canConvertToLong()) {
                        throw new SafetensorsException(
                                file + ": tensor " + entry.getKey() + ": shape holds " + size);
                    }
                    shape.add(size.asLong());
                }
                weights.put(
                        entry.getKey(),
                        new Weight(entry.getValue().path("dtype").asString(""), shape));
            }
        }
        return weights;
    }
}
