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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes safetensors files; tensors follow each other in the order given. */
public final class SafetensorsWriter {
    private static final long CHUNK = 1 << 20;

    private SafetensorsWriter() {}

    /** Writes a file, and replaces an existing one. */
    public static void write(Path file, Map<String, String> metadata, List<Tensor> tensors)
            throws IOException {
        byte[] header = header(metadata, tensors);
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            out.write(length.putLong(header.length).array());
            out.write(header);
            for (Tensor tensor : tensors) {
                copy(tensor.data(), out);
            }
        }
    }

    private static void copy(MemorySegment data, OutputStream out) throws IOException {
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            long bytes = Math.min(CHUNK, data.byteSize() - at);
            out.write(data.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject("__metadata__");
            metadata.forEach(node::put);
        }
        long at = 0;
        for (Tensor tensor : tensors) {
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", tensor.dtype().name());
            ArrayNode shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            node.putArray("data_offsets").add(at).add(at + tensor.data().byteSize());
            at += tensor.data().byteSize();
        }
        StringBuilder text = new StringBuilder(JsonMapper.shared().writeValueAsString(root));
        while ((text.toString().getBytes(StandardCharsets.UTF_8).length & 7) != 0) {
            text.append(' ');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
