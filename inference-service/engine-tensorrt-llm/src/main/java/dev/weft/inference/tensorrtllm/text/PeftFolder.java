package dev.weft.inference.tensorrtllm.text;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.tensorrtllm.adapter.AdapterData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An adapter as a folder that TensorRT-LLM reads. Scales are folded into B, and all pairs are
 * padded with zeros to one rank, which is also the alpha. So the model's answers don't depend on
 * which of PEFT's ways to scale TensorRT-LLM knows.
 */
public final class PeftFolder implements AdapterData {
    private static final Logger LOG = LoggerFactory.getLogger(PeftFolder.class);
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String CONFIG = "adapter_config.json";
    private static final String PREFIX = "base_model.model.model.layers.";

    private final Path folder;
    private final long bytes;

    private PeftFolder(Path folder, long bytes) {
        this.folder = folder;
        this.bytes = bytes;
    }

    /**
     * Writes an adapter.
     *
     * @throws EngineException {@code FAILED} if the disk doesn't take it; nothing is left then
     */
    static PeftFolder write(LoraAdapter adapter, Path parent) {
        try {
            Files.createDirectories(parent);
            Path folder = Files.createTempDirectory(parent, adapter.digest().abbreviated() + "-");
            try {
                return fill(folder, adapter);
            } catch (IOException | RuntimeException e) {
                delete(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Cause.FAILED,
                    "adapter " + adapter.digest() + " could not be written below " + parent,
                    e);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        try {
            delete(folder);
        } catch (IOException e) {
            LOG.warn("the folder {} of an adapter could not be removed", folder, e);
        }
    }

    /** Removes files that a killed process has left. */
    static void clear(Path parent) {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (Stream<Path> left = Files.list(parent)) {
            for (Path folder : left.toList()) {
                delete(folder);
            }
        } catch (IOException e) {
            LOG.warn("what lies in {} could not be removed", parent, e);
        }
    }

    private static PeftFolder fill(Path folder, LoraAdapter adapter) throws IOException {
        int rank = adapter.facts().rank();
        List<Tensor> tensors = new ArrayList<>();
        for (LoraPair pair : adapter.pairs()) {
            String name = PREFIX + pair.layer() + "." + pair.module().path();
            int in = Math.toIntExact(pair.a().shape().get(1));
            int out = Math.toIntExact(pair.b().shape().getFirst());
            tensors.add(tensor(name + ".lora_A.weight", a(pair, rank, in), rank, in));
            tensors.add(tensor(name + ".lora_B.weight", b(pair, rank, out), out, rank));
        }
        SafetensorsWriter.write(folder.resolve(WEIGHTS), Map.of("format", "pt"), tensors);
        Files.writeString(folder.resolve(CONFIG), config(adapter, rank));
        return new PeftFolder(folder, Files.size(folder.resolve(WEIGHTS)));
    }

    private static float[] a(LoraPair pair, int rank, int in) {
        float[] values = new float[rank * in];
        for (int i = 0; i < pair.rank() * in; i++) {
            values[i] = pair.a().get(i);
        }
        return values;
    }

    private static float[] b(LoraPair pair, int rank, int out) {
        float[] values = new float[out * rank];
        for (int row = 0; row < out; row++) {
            for (int column = 0; column < pair.rank(); column++) {
                values[row * rank + column] =
                        pair.b().get((long) row * pair.rank() + column) * pair.scale();
            }
        }
        return values;
    }

    private static Tensor tensor(String name, float[] values, long rows, long columns) {
        return new Tensor(name, DType.F32, List.of(rows, columns), MemorySegment.ofArray(values));
    }

    private static String config(LoraAdapter adapter, int rank) {
        String modules =
                adapter.facts().modules().stream()
                        .map(module -> '"' + module.shortName() + '"')
                        .collect(Collectors.joining(", "));
        return """
        {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": %d, "lora_alpha": %d, "use_rslora": false,
         "use_dora": false, "bias": "none", "fan_in_fan_out": false, "modules_to_save": null,
         "target_modules": [%s]}
        """
                .formatted(rank, rank, modules);
    }

    private static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(WEIGHTS));
        Files.deleteIfExists(folder.resolve(CONFIG));
        Files.deleteIfExists(folder);
    }
}
