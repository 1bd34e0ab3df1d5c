package dev.weft.format.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** Writes folders of small adapters for a small base, and breaks them on request. */
final class SmallAdapter {
    /** All sizes differ, so that no shape fits by accident. */
    static final DecoderShape BASE =
            new DecoderShape(2, 12, new DecoderShape.HeadCounts(4, 2, 5), 18);

    static final String PREFIX = "base_model.model.model.layers.";

    private final Map<String, Object> config = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private UnaryOperator<String> lastEdit = UnaryOperator.identity();

    private SmallAdapter() {}

    /** An adapter of these modules in both layers, with weights of one seed. */
    static SmallAdapter of(int rank, double alpha, LinearModule... modules) {
        SmallAdapter adapter = new SmallAdapter();
        adapter.config.put("peft_type", "LORA");
        adapter.config.put("task_type", "CAUSAL_LM");
        adapter.config.put("base_model_name_or_path", "owner/base");
        adapter.config.put("r", rank);
        adapter.config.put("lora_alpha", alpha);
        adapter.config.put(
                "target_modules",
                List.of(modules).stream().map(LinearModule::shortName).sorted().toList());
        for (int layer = 0; layer < BASE.layers(); layer++) {
            for (LinearModule module : modules) {
                adapter.withPair(layer, module, rank, DType.F32);
            }
        }
        return adapter;
    }

    SmallAdapter withPair(int layer, LinearModule module, int rank, DType dtype) {
        String name = PREFIX + layer + "." + module.path() + ".lora_";
        put(random(name + "A.weight", dtype, rank, BASE.inputSize(module)));
        return put(random(name + "B.weight", dtype, BASE.outputSize(module), rank));
    }

    SmallAdapter with(String key, Object value) {
        config.put(key, value);
        return this;
    }

    SmallAdapter without(String key) {
        config.remove(key);
        return this;
    }

    SmallAdapter put(Tensor tensor) {
        tensors.put(tensor.name(), tensor);
        return this;
    }

    SmallAdapter drop(String tensor) {
        if (tensors.remove(tensor) == null) {
            throw new IllegalArgumentException("no tensor " + tensor);
        }
        return this;
    }

    /** The same tensors under other names. */
    SmallAdapter rename(UnaryOperator<String> names) {
        List<Tensor> old = new ArrayList<>(tensors.values());
        tensors.clear();
        old.forEach(t -> put(new Tensor(names.apply(t.name()), t.dtype(), t.shape(), t.data())));
        return this;
    }

    SmallAdapter reverseTensors() {
        List<Tensor> old = new ArrayList<>(tensors.values());
        tensors.clear();
        old.reversed().forEach(this::put);
        return this;
    }

    SmallAdapter file(String name, String text) {
        files.put(name, text);
        return this;
    }

    /** Changes the text of adapter_config.json. */
    SmallAdapter edit(UnaryOperator<String> change) {
        UnaryOperator<String> before = lastEdit;
        lastEdit = text -> change.apply(before.apply(text));
        return this;
    }

    String configText() {
        return lastEdit.apply(JsonMapper.shared().writeValueAsString(config));
    }

    Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(AdapterFiles.CONFIG), configText());
        SafetensorsWriter.write(
                folder.resolve(AdapterFiles.TENSORS),
                Map.of("format", "pt"),
                List.copyOf(tensors.values()));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        return folder;
    }

    /** Values other than zero that depend on the name alone. */
    static Tensor random(String name, DType dtype, long... shape) {
        Random random = new Random(name.hashCode());
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        float[] values = new float[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.1f + random.nextFloat();
        }
        return tensor(name, dtype, values, shape);
    }

    static Tensor tensor(String name, DType dtype, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * dtype.bytes());
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            if (dtype == DType.F32) {
                bytes.putFloat(value);
            } else if (dtype == DType.F16) {
                bytes.putShort(Float.floatToFloat16(value));
            } else if (dtype == DType.BF16) {
                bytes.putShort((short) (Float.floatToRawIntBits(value) >> 16));
            } else {
                bytes.position(bytes.position() + dtype.bytes());
            }
        }
        List<Long> sizes = new ArrayList<>();
        for (long size : shape) {
            sizes.add(size);
        }
        return new Tensor(name, dtype, sizes, MemorySegment.ofArray(bytes.array()));
    }
}
