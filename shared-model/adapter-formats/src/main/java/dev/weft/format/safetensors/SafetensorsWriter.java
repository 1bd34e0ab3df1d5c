package dev.weft.format.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes safetensors files; tensors follow each other in the order given. */
public final class SafetensorsWriter {
    private static final long CHUNK = 1 << 20;

    private SafetensorsWriter() {}

    /**
     * A tensor that is made when it is written, so that the heap holds one at a time.
     *
     * @param data makes {@code elements * dtype.bytes()} bytes
     */
    public record Planned(
            String name, DType dtype, List<Long> shape, Supplier<MemorySegment> data) {
        public Planned {
            shape = List.copyOf(shape);
        }

        /** Bytes of its values. */
        public long bytes() {
            return shape.stream().reduce((long) dtype.bytes(), Math::multiplyExact);
        }

        private Tensor made() {
            return new Tensor(name, dtype, shape, data.get());
        }
    }

    /** Writes a file, and replaces an existing one. */
    public static void write(Path file, Map<String, String> metadata, List<Tensor> tensors)
            throws IOException {
        writePlanned(
                file,
                metadata,
                tensors.stream()
                        .map(it -> new Planned(it.name(), it.dtype(), it.shape(), it::data))
                        .toList());
    }

    /**
     * Writes a file, and replaces an existing one; if a tensor can't be made, a part of the file
     * remains.
     */
    public static void writePlanned(Path file, Map<String, String> metadata, List<Planned> tensors)
            throws IOException {
        byte[] header = header(metadata, tensors);
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            out.write(length.putLong(header.length).array());
            out.write(header);
            for (Planned tensor : tensors) {
                copy(tensor.made().data(), out);
            }
        }
    }

    private static void copy(MemorySegment data, OutputStream out) throws IOException {
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            long bytes = Math.min(CHUNK, data.byteSize() - at);
            out.write(data.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static byte[] header(Map<String, String> metadata, List<Planned> tensors) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject("__metadata__");
            metadata.forEach(node::put);
        }
        long at = 0;
        for (Planned tensor : tensors) {
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", tensor.dtype().name());
            ArrayNode shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            node.putArray("data_offsets").add(at).add(at + tensor.bytes());
            at += tensor.bytes();
        }
        StringBuilder text = new StringBuilder(JsonMapper.shared().writeValueAsString(root));
        while ((text.toString().getBytes(StandardCharsets.UTF_8).length & 7) != 0) {
            text.append(' ');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
