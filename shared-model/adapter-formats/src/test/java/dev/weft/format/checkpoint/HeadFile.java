package dev.weft.format.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import tools.jackson.databind.json.JsonMapper;

/** The head of a safetensors file: what it says of tensors whose bytes nobody reads. */
public final class HeadFile {
    private final Map<String, Object> tensors = new TreeMap<>();

    public HeadFile tensor(String name, String type, long... shape) {
        tensors.put(
                name,
                Map.of(
                        "dtype",
                        type,
                        "shape",
                        LongStream.of(shape).boxed().toList(),
                        "data_offsets",
                        new long[] {0, 0}));
        return this;
    }

    HeadFile matrix(String name, long out, long in) {
        return tensor(name, "BF16", out, in);
    }

    HeadFile embedding(String prefix) {
        return matrix(prefix + "embed_tokens.weight", 50, 12);
    }

    /** A decoder with each module as a matrix of its own; all sizes differ. */
    public HeadFile decoder(String prefix, int layers) {
        embedding(prefix);
        for (int layer = 0; layer < layers; layer++) {
            String name = prefix + "layers." + layer + ".";
            matrix(name + "self_attn.q_proj.weight", 20, 12);
            matrix(name + "self_attn.k_proj.weight", 10, 12);
            matrix(name + "self_attn.v_proj.weight", 10, 12);
            matrix(name + "self_attn.o_proj.weight", 12, 20);
            matrix(name + "mlp.gate_proj.weight", 18, 12);
            matrix(name + "mlp.up_proj.weight", 18, 12);
            matrix(name + "mlp.down_proj.weight", 12, 18);
        }
        return this;
    }

    public void write(Path file) throws IOException {
        byte[] json =
                JsonMapper.shared().writeValueAsString(tensors).getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(Long.BYTES + json.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());
    }
}
