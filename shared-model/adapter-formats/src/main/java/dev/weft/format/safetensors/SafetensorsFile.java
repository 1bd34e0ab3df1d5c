package dev.weft.format.safetensors;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file, memory-mapped: 8 bytes header length (little-endian), a JSON header, then the
 * data. The whole header is checked before any tensor is returned: every tensor lies within the
 * file, its size matches its shape, and each byte behind the header is one tensor's. Format: the
 * safetensors project of Hugging Face.
 *
 * @param metadata the header's {@code __metadata__}
 * @param tensors by name, in the order of the header; valid as long as the arena they were opened
 *     in
 * @param data of all tensors, mapped as well
 */
public record SafetensorsFile(
        Map<String, String> metadata, Map<String, Tensor> tensors, MemorySegment data) {
    /**
     * Headers of the largest checkpoints have a few megabytes. The format allows 100, but a hostile
     * header of that size takes gigabytes in memory.
     */
    static final long MAX_HEADER_BYTES = 16 << 20;

    private static final ValueLayout.OfLong LENGTH =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public SafetensorsFile {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /**
     * Maps a file.
     *
     * @throws SafetensorsException if the content breaks the format
     * @throws IOException if the file cannot be read
     */
    public static SafetensorsFile open(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            String name = String.valueOf(file.getFileName());
            long size = channel.size();
            if (size < 8) {
                throw new SafetensorsException(
                        name + ": " + size + " bytes, too short for the header's length");
            }
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            long headerBytes = all.get(LENGTH, 0);
            if (headerBytes < 2 || headerBytes > size - 8 || headerBytes > MAX_HEADER_BYTES) {
                throw new SafetensorsException(
                        name
                                + ": header length "
                                + headerBytes
                                + " does not fit a file of "
                                + size
                                + " bytes");
            }
            byte[] header = all.asSlice(8, headerBytes).toArray(ValueLayout.JAVA_BYTE);
            MemorySegment data = all.asSlice(8 + headerBytes);
            return new HeaderReader(name, data).read(header);
        }
    }
}
