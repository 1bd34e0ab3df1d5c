package dev.weft.format.checkpoint;

import dev.weft.format.decoder.DecoderPlan;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.decoder.Experts;
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
import dev.weft.format.quantised.Quantisation;
import dev.weft.format.quantised.QuantisationReader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
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

    /** Reads a config.json by its family. */
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
        checkCausal(root, faults);
        checkLayers(root, faults);
        checkFile(root, faults);
        Quantisation quantisation =
                QuantisationReader.read(root.path("quantization_config"), faults);
        DecoderPlan plan = family.read(fields);
        faults.addAll(fields.faults());
        checkExperts(plan, quantisation, faults);
        if (!faults.isEmpty()) {
            throw new CheckpointException(faults.stream().distinct().toList());
        }
        DecoderPlan whole = family.isStretched() ? plan.stretched() : plan;
        return new ModelConfig(type, DecoderShape.of(whole), whole, quantisation);
    }

    private static CheckpointException unknown(String type) {
        return new CheckpointException(
                "config.json: model_type '"
                        + type
                        + "' is not served; served are "
                        + String.join(", ", names()));
    }

    /** The values of {@code model_type} that are served, sorted. */
    static List<String> names() {
        return ALL.stream().map(ModelFamily::modelType).sorted().toList();
    }

    /** {@code pad_token_id} of that {@code model_type} if config.json has no such field. */
    static OptionalInt padding(String modelType) {
        return ALL.stream()
                .filter(family -> family.modelType().equals(modelType))
                .map(ModelFamily::padding)
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    /** {@code eos_token_id} of that {@code model_type} if config.json has no such field. */
    static OptionalInt endToken(String modelType) {
        return ALL.stream()
                .filter(family -> family.modelType().equals(modelType))
                .map(ModelFamily::endToken)
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    private static void checkArchitecture(JsonNode root, ModelFamily family, List<String> faults) {
        List<String> served = new ArrayList<>(family.architectures());
        served.add(family.bareArchitecture());
        for (JsonNode architecture : root.path("architectures")) {
            if (!served.contains(architecture.asString(""))) {
                faults.add(
                        "config.json: architectures "
                                + architecture
                                + " is not served for model_type "
                                + family.modelType()
                                + "; served is "
                                + String.join(", ", served));
            }
        }
    }

    /**
     * Refuses {@code is_causal} unless it is true. Transformers' masks read it in every family: if
     * it is there and not true, a token sees those after it, too. Null and 0 are not true there.
     */
    private static void checkCausal(JsonNode root, List<String> faults) {
        JsonNode causal = root.path("is_causal");
        if (!causal.isMissingNode() && !(causal.isBoolean() && causal.booleanValue())) {
            faults.add(
                    "config.json: is_causal "
                            + causal
                            + " is not served; served is true: a token sees none after it");
        }
    }

    /**
     * Refuses {@code per_layer_config}, by which transformers gives single layers other values of
     * any field, in every family.
     */
    private static void checkLayers(JsonNode root, List<String> faults) {
        JsonNode layers = root.path("per_layer_config");
        boolean isUnset = layers.isMissingNode() || layers.isNull();
        if (!isUnset && !(layers.isContainer() && layers.isEmpty())) {
            faults.add(
                    "config.json: per_layer_config "
                            + layers
                            + " is not served; served are null and none, with the same fields for"
                            + " all layers");
        }
    }

    /**
     * Refuses another file of weights: transformers reads the file that {@code
     * transformers_weights} names, in every family; vLLM does not.
     */
    private static void checkFile(JsonNode root, List<String> faults) {
        JsonNode file = root.path("transformers_weights");
        boolean isUnset = file.isMissingNode() || file.isNull();
        if (!isUnset && !file.asString("").equals(CheckpointFolder.SINGLE)) {
            faults.add(
                    "config.json: transformers_weights "
                            + file
                            + " is not served; served are null and "
                            + CheckpointFolder.SINGLE);
        }
    }

    /**
     * Refuses quantised weights if a tensor holds all experts: it is quantised in other forms than
     * a linear layer.
     */
    private static void checkExperts(
            DecoderPlan plan, Quantisation quantisation, List<String> faults) {
        boolean isOfAll =
                plan.blocks().stream()
                        .anyMatch(block ->
                                block.feedForward() instanceof Experts experts
                                        && experts.tensors() instanceof ExpertTensors.Interleaved);
        if (isOfAll && !(quantisation instanceof Quantisation.None)) {
            faults.add(
                    "config.json: quantization_config is not served for models whose experts are"
                            + " one tensor; served are their checkpoints in float32, float16 and"
                            + " bfloat16");
        }
    }
}
