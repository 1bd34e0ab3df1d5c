package dev.weft.standalone.bench.synthetic;

import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.standalone.bench.synthetic.AdapterShape.Matrix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes folders as PEFT saves adapters. A has the deviation {@code 1 / sqrt(in)}, so that {@code A
 * x} is about as large as x. B has {@value #B_DEVIATION}, so that an adapter changes the base only
 * slightly. For one thread.
 */
final class AdapterWriter {
    private static final double B_DEVIATION = 0.01;

    private final AdapterShape shape;
    private final String config;
    private final List<Matrix> matrices;
    private final byte[] weights;
    private final List<Tensor> tensors = new ArrayList<>();
    private final GaussianBytes gaussian;
    private final SplittableRandom random;

    /**
     * @param baseName for {@code base_model_name_or_path}
     */
    AdapterWriter(AdapterShape shape, String baseName, long seed) {
        this.shape = shape;
        this.config = config(baseName);
        this.matrices = shape.matrices();
        this.weights = new byte[Math.toIntExact(shape.bytes())];
        this.gaussian = new GaussianBytes(seed);
        this.random = new SplittableRandom(seed);
        MemorySegment all = MemorySegment.ofArray(weights);
        long at = 0;
        for (Matrix matrix : matrices) {
            tensors.add(
                    new Tensor(
                            matrix.name(),
                            DType.BF16,
                            List.of((long) matrix.rows(), (long) matrix.columns()),
                            all.asSlice(at, matrix.bytes())));
            at += matrix.bytes();
        }
    }

    /** Writes the next adapter; each call writes different weights. */
    void write(Path folder) throws IOException {
        int at = 0;
        for (Matrix matrix : matrices) {
            double deviation = matrix.isA() ? 1 / Math.sqrt(matrix.columns()) : B_DEVIATION;
            gaussian.fill(weights, at, matrix.rows() * matrix.columns(), deviation, random);
            at += (int) matrix.bytes();
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("adapter_config.json"), config);
        SafetensorsWriter.write(
                folder.resolve("adapter_model.safetensors"), Map.of("format", "pt"), tensors);
    }

    private String config(String baseName) {
        ObjectNode json =
                JsonMapper.shared()
                        .createObjectNode()
                        .put("peft_type", "LORA")
                        .put("task_type", "CAUSAL_LM")
                        .put("base_model_name_or_path", baseName)
                        .put("inference_mode", true)
                        .put("r", shape.rank())
                        .put("lora_alpha", shape.alpha())
                        .put("lora_dropout", 0.0)
                        .put("bias", "none")
                        .put("fan_in_fan_out", false)
                        .put("use_rslora", false)
                        .put("use_dora", false);
        ArrayNode targets = json.putArray("target_modules");
        for (LinearModule module : EnumSet.copyOf(shape.modules())) {
            targets.add(module.shortName());
        }
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }
}
