package dev.weft.format.checkpoint;

import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.family.ModelFamily;
import dev.weft.format.family.ModelFields;
import dev.weft.format.family.gemma.Gemma2;
import dev.weft.format.family.gemma.Gemma3Text;
import dev.weft.format.family.gptoss.GptOss;
import dev.weft.format.family.granite.Granite;
import dev.weft.format.family.hunyuan.HunyuanDense;
import dev.weft.format.family.llama.Ernie45;
import dev.weft.format.family.llama.Llama;
import dev.weft.format.family.llama.Mistral;
import dev.weft.format.family.llama.SmolLm3;
import dev.weft.format.family.mixtral.Mixtral;
import dev.weft.format.family.olmo.Olmo2;
import dev.weft.format.family.phi.Phi3;
import dev.weft.format.family.qwen.Qwen2;
import dev.weft.format.family.qwen.Qwen3;
import dev.weft.format.family.qwen.Qwen3Moe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The families that are served. */
final class Families {
    private static final List<ModelFamily> ALL =
            List.of(
                    new Llama(),
                    new Mistral(),
                    new Qwen2(),
                    new Qwen3(),
                    new Qwen3Moe(),
                    new Gemma2(),
                    new Gemma3Text(),
                    new Phi3(),
                    new Olmo2(),
                    new Granite(),
                    new Mixtral(),
                    new GptOss(),
                    new SmolLm3(),
                    new Ernie45(),
                    new HunyuanDense());

    private Families() {}

    /** Has the file's family read it. */
    static ModelConfig read(JsonNode root) {
        ModelFields fields = new ModelFields(root);
        String type = fields.text("model_type", "");
        ModelFamily family =
                ALL.stream()
                        .filter(one -> one.modelType().equals(type))
                        .findFirst()
                        .orElseThrow(() -> unknown(type));
        List<String> faults = new ArrayList<>();
        checkArchitecture(root, family, faults);
        checkQuantization(root, faults);
        DecoderPlan plan = family.read(fields);
        faults.addAll(fields.faults());
        if (!faults.isEmpty()) {
            throw new CheckpointException(faults);
        }
        return new ModelConfig(type, DecoderShape.of(plan), plan);
    }

    private static CheckpointException unknown(String type) {
        return new CheckpointException(
                "config.json: model_type '"
                        + type
                        + "' is not served; served are "
                        + ALL.stream()
                                .map(ModelFamily::modelType)
                                .sorted(Comparator.naturalOrder())
                                .collect(Collectors.joining(", ")));
    }

    private static void checkArchitecture(JsonNode root, ModelFamily family, List<String> faults) {
        for (JsonNode architecture : root.path("architectures")) {
            if (!family.architectures().contains(architecture.asString(""))) {
                faults.add(
                        "config.json: architectures "
                                + architecture
                                + " is not served for model_type "
                                + family.modelType()
                                + "; served is "
                                + String.join(", ", family.architectures()));
            }
        }
    }

    private static void checkQuantization(JsonNode root, List<String> faults) {
        JsonNode quantization = root.path("quantization_config");
        if (quantization.isObject() && !quantization.isEmpty()) {
            faults.add(
                    "config.json: quantization_config '"
                            + quantization.path("quant_method").asString("unnamed")
                            + "' is not served; served are checkpoints in float32, float16 and"
                            + " bfloat16");
        }
    }
}
