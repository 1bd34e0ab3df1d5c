package dev.weft.format.quantised;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads config.json's {@code quantization_config}, as transformers, AutoGPTQ, AutoAWQ and
 * compressed-tensors write it. What would change answers and is not served is a fault.
 */
public final class QuantisationReader {
    private static final String KEY = "quantization_config.";
    private static final int CODES_IN_INT = 8;
    private static final int MOST = 1 << 20;

    private final JsonNode json;
    private final List<String> faults;

    private QuantisationReader(JsonNode json, List<String> faults) {
        this.json = json;
        this.faults = faults;
    }

    /**
     * Reads the object.
     *
     * @param json may be missing or null
     * @param faults gets a sentence for each fault; the result means nothing then
     */
    public static Quantisation read(JsonNode json, List<String> faults) {
        if (!json.isObject() || json.isEmpty()) {
            return new Quantisation.None();
        }
        QuantisationReader reader = new QuantisationReader(json, faults);
        return switch (json.path("quant_method").asString("unnamed")) {
            case "gptq" -> reader.gptq();
            case "awq" -> reader.awq();
            case "compressed-tensors" -> reader.compressedTensors();
            case "fbgemm_fp8" -> new Quantisation.Fp8("weight_scale", 0, 0);
            case "fp8" -> reader.blocks();
            default -> reader.unserved();
        };
    }

    private Quantisation unserved() {
        faults.add(
                "config.json: quantization_config '"
                        + json.path("quant_method").asString("unnamed")
                        + "' is not served; served are gptq, awq, compressed-tensors, fbgemm_fp8"
                        + " and fp8, and checkpoints in float32, float16 and bfloat16");
        return new Quantisation.None();
    }

    private Quantisation gptq() {
        require(json, KEY, "bits", Set.of("4"));
        refuseOtherBits(json.path("dynamic"));
        boolean second = gptqFormat().equals("gptq_v2");
        return new Quantisation.Grouped(
                Quantisation.Form.GPTQ,
                groupSize(json, KEY),
                second ? Quantisation.Zeros.STORED : Quantisation.Zeros.LESS_ONE,
                json.path("desc_act").booleanValue(false)
                        ? Quantisation.Order.ANY
                        : Quantisation.Order.IN_ORDER);
    }

    /**
     * GPTQModel's rules by module: {@code -:} leaves one as it was; others have bits of its own.
     */
    private void refuseOtherBits(JsonNode dynamic) {
        if (!dynamic.isObject()) {
            refuse(json, KEY, "dynamic");
        }
        dynamic.properties().stream()
                .map(Map.Entry::getKey)
                .filter(rule -> !rule.startsWith("-:"))
                .forEach(rule ->
                        faults.add(
                                "config.json: quantization_config.dynamic '"
                                        + rule
                                        + "' is not served; served are rules that begin with -:,"
                                        + " which leave modules as they were"));
    }

    /**
     * Transformers 5 names the field {@code format}, GPTQModel and what came before it {@code
     * checkpoint_format}; some readers know one of them only.
     */
    private String gptqFormat() {
        Set<String> served = Set.of("gptq", "gptq_v2", "");
        require(json, KEY, "checkpoint_format", served);
        require(json, KEY, "format", served);
        String older = json.path("checkpoint_format").asString("");
        String newer = json.path("format").asString("");
        if (!older.isEmpty() && !newer.isEmpty() && !older.equals(newer)) {
            faults.add(
                    "config.json: quantization_config.format \""
                            + newer
                            + "\" is not served beside checkpoint_format \""
                            + older
                            + "\"; leave one out");
        }
        return older.isEmpty() ? newer : older;
    }

    private Quantisation awq() {
        require(json, KEY, "bits", Set.of("4"));
        require(json, KEY, "version", Set.of("gemm", "GEMM"));
        require(json, KEY, "zero_point", Set.of("true"));
        return new Quantisation.Grouped(
                Quantisation.Form.AWQ,
                groupSize(json, KEY),
                Quantisation.Zeros.STORED,
                Quantisation.Order.IN_ORDER);
    }

    /** DeepSeek's, with a scale for each block of a matrix. */
    private Quantisation blocks() {
        require(json, KEY, "fmt", Set.of("e4m3", ""));
        return blocks(
                json.path("weight_block_size"), KEY + "weight_block_size", "weight_scale_inv");
    }

    private Quantisation blocks(JsonNode sizes, String key, String suffix) {
        int rows = sizes.path(0).asInt(0);
        int columns = sizes.path(1).asInt(0);
        if (sizes.size() != 2 || rows < 1 || columns < 1 || rows > MOST || columns > MOST) {
            faults.add(
                    "config.json: " + key + " " + sizes + " is not served; served are two sizes");
        }
        return new Quantisation.Fp8(suffix, rows, columns);
    }

    private Quantisation compressedTensors() {
        refuse(json, KEY, "kv_cache_scheme");
        refuse(json.path("transform_config"), KEY + "transform_config.", "config_groups");
        require(
                json.path("sparsity_config"),
                KEY + "sparsity_config.",
                "format",
                Set.of("dense", ""));
        require(json, KEY, "quantization_status", Set.of("compressed", ""));
        @Nullable Quantisation all = null;
        for (var group : json.path("config_groups").properties()) {
            Quantisation one =
                    scheme(group.getValue(), KEY + "config_groups." + group.getKey() + ".");
            if (all != null && !all.equals(one)) {
                faults.add(
                        "config.json: quantization_config.config_groups differ from each other;"
                                + " served is one scheme for all linear layers");
            }
            all = one;
        }
        if (all == null) {
            faults.add("config.json: quantization_config.config_groups is missing or empty");
            return new Quantisation.None();
        }
        return all;
    }

    private Quantisation scheme(JsonNode group, String key) {
        JsonNode weights = group.path("weights");
        String format = group.path("format").asString(json.path("format").asString(""));
        refuse(group, key, "output_activations");
        return switch (format) {
            case "pack-quantized" -> {
                refuse(group, key, "input_activations");
                yield packed(weights, key + "weights.");
            }
            case "float-quantized", "naive-quantized" -> floats(weights, key + "weights.");
            default -> {
                faults.add(
                        "config.json: quantization_config.format '"
                                + format
                                + "' is not served; served are pack-quantized, float-quantized and"
                                + " naive-quantized");
                yield new Quantisation.None();
            }
        };
    }

    private Quantisation packed(JsonNode weights, String key) {
        require(weights, key, "num_bits", Set.of("4"));
        require(weights, key, "type", Set.of("int"));
        require(weights, key, "strategy", Set.of("group", "channel"));
        require(weights, key, "symmetric", Set.of("true", "false", ""));
        boolean whole = weights.path("strategy").asString("").equals("channel");
        boolean stored = weights.path("symmetric").asString("").equals("false");
        return new Quantisation.Grouped(
                Quantisation.Form.PACKED,
                whole ? 0 : groupSize(weights, key),
                stored ? Quantisation.Zeros.STORED : Quantisation.Zeros.MIDDLE,
                order(weights.path("actorder"), key));
    }

    /**
     * {@code dynamic} and true are other words for {@code group}, {@code static} for {@code
     * weight}.
     */
    private Quantisation.Order order(JsonNode value, String key) {
        boolean unset = value.isMissingNode() || value.isNull();
        return switch (unset ? "" : value.asString("?").toLowerCase(Locale.ROOT)) {
            case "group", "dynamic", "true" -> Quantisation.Order.ANY;
            case "weight", "static", "false", "" -> Quantisation.Order.IN_ORDER;
            default -> {
                faults.add(
                        "config.json: "
                                + key
                                + "actorder "
                                + value
                                + " is not served; served are group, weight and null");
                yield Quantisation.Order.IN_ORDER;
            }
        };
    }

    private Quantisation floats(JsonNode weights, String key) {
        require(weights, key, "num_bits", Set.of("8"));
        require(weights, key, "type", Set.of("float"));
        require(weights, key, "symmetric", Set.of("true", ""));
        require(weights, key, "strategy", Set.of("channel", "tensor", "block"));
        return weights.path("strategy").asString("").equals("block")
                ? blocks(weights.path("block_structure"), key + "block_structure", "weight_scale")
                : new Quantisation.Fp8("weight_scale", 0, 0);
    }

    /** 0 for -1, which is all inputs. */
    private int groupSize(JsonNode from, String key) {
        int size = from.path("group_size").asInt(0);
        if (size == -1) {
            return 0;
        }
        if (size < CODES_IN_INT || size % CODES_IN_INT != 0 || size > MOST) {
            faults.add(
                    "config.json: "
                            + key
                            + "group_size "
                            + from.path("group_size")
                            + " is not served; served are multiples of 8, and -1 for all inputs");
        }
        return size;
    }

    /** Requires one of some values; a missing or null field is the empty one. */
    private void require(JsonNode from, String key, String field, Set<String> served) {
        JsonNode value = from.path(field);
        String text = value.isMissingNode() || value.isNull() ? "" : value.asString("?");
        if (!served.contains(text)) {
            faults.add(
                    "config.json: "
                            + key
                            + field
                            + " "
                            + (text.isEmpty() ? "is missing" : value + " is not served")
                            + "; served is "
                            + served.stream()
                                    .filter(one -> !one.isEmpty())
                                    .sorted()
                                    .collect(Collectors.joining(" or ")));
        }
    }

    private void refuse(JsonNode from, String key, String field) {
        JsonNode value = from.path(field);
        if (!value.isMissingNode()
                && !value.isNull()
                && !(value.isContainer() && value.isEmpty())) {
            faults.add(
                    "config.json: " + key + field + " " + value + " is not served; leave it out");
        }
    }
}
