package dev.weft.format.family;

import dev.weft.format.decoder.Dense;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a config.json, with what is wrong with them. A field that is missing takes the
 * default of the family's class in transformers; {@code null} may mean something else.
 */
public final class ModelFields {
    private static final int MAX_SIZE = 1 << 24;

    private final JsonNode root;
    private final String where;
    private final List<String> faults;

    /** All fields of a config.json. */
    public ModelFields(JsonNode root) {
        this(root, "config.json: ", new ArrayList<>());
    }

    private ModelFields(JsonNode root, String where, List<String> faults) {
        this.root = root;
        this.where = where;
        this.faults = faults;
    }

    /** The fields of an object within this one; faults are shared. */
    ModelFields within(String key) {
        return new ModelFields(root.path(key), where + key + ".", faults);
    }

    /** The faults so far, a sentence each. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    JsonNode json() {
        return root;
    }

    /** True if the field is there, though it may be null. */
    public boolean has(String key) {
        return root.has(key);
    }

    /** True if the field has a value. */
    public boolean isSet(String key) {
        return root.hasNonNull(key);
    }

    /** True if the field is an object with fields of its own. */
    public boolean isObject(String key) {
        return root.path(key).isObject() && !root.path(key).isEmpty();
    }

    /** Adds the fault that a field's value is not served. */
    public void refuse(String key, Object value, String allowed) {
        faults.add(where + key + " " + value + " is not served; served is " + allowed);
    }

    private void wrong(String key, JsonNode value, String allowed) {
        faults.add(where + key + " is " + value + "; allowed are " + allowed);
    }

    /** A number of things, at least 1, which has to be there. */
    public int size(String key) {
        if (!isSet(key)) {
            faults.add(where + key + " is missing");
            return 1;
        }
        return size(key, 1);
    }

    /** A number of things, at least 1. */
    public int size(String key, int fallback) {
        return integer(key, 1, fallback);
    }

    /** A number of things, at least {@code least}; null is as missing. */
    public int integer(String key, int least, int fallback) {
        JsonNode node = root.path(key);
        if (!isSet(key)) {
            return fallback;
        }
        if (!node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.asInt() < least
                || node.asInt() > MAX_SIZE) {
            wrong(key, node, "integers from " + least + " to 2^24");
            return fallback;
        }
        return node.asInt();
    }

    /** A window of positions; null means no window and is returned as 0. */
    public int window(String key, int fallback) {
        return has(key) ? size(key, 0) : fallback;
    }

    /** A number above 0; null is as missing. */
    public double number(String key, double fallback) {
        JsonNode node = root.path(key);
        if (!isSet(key)) {
            return fallback;
        }
        double value = node.isNumber() ? node.asDouble(0) : 0;
        if (!(value > 0) || !Double.isFinite(value) || !Float.isFinite((float) value)) {
            wrong(key, node, "numbers above 0");
            return fallback;
        }
        return value;
    }

    /** A cap; null means no cap and is returned as 0. */
    public float cap(String key, double fallback) {
        return (float) (has(key) ? number(key, 0) : fallback);
    }

    /** True or false; null is false. */
    public boolean flag(String key, boolean fallback) {
        JsonNode node = root.path(key);
        if (!has(key)) {
            return fallback;
        }
        if (!node.isBoolean() && !node.isNull()) {
            wrong(key, node, "true and false");
        }
        return node.asBoolean(false);
    }

    /** A text; null is as missing. */
    public String text(String key, String fallback) {
        JsonNode node = root.path(key);
        if (isSet(key) && !node.isString()) {
            wrong(key, node, "texts");
        }
        return node.asString(fallback);
    }

    /** A flag that may only be false. */
    public void never(String key) {
        if (flag(key, false)) {
            refuse(key, true, "false");
        }
    }

    /** A list of one number for each layer; {@code fallback} if it is not set. */
    List<Integer> integers(String key, List<Integer> fallback) {
        JsonNode node = root.path(key);
        if (!isSet(key)) {
            return fallback;
        }
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : node) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                wrong(key, value, "integers");
                return fallback;
            }
            values.add(value.asInt());
        }
        if (!node.isArray()) {
            wrong(key, node, "lists of integers");
        }
        return values;
    }

    /** The layers that a list names by their numbers. */
    public List<Integer> layers(String key) {
        return integers(key, List.of());
    }

    /** A list of a 1 or a 0 for each layer. */
    public List<Boolean> marks(String key, int layers, List<Boolean> fallback) {
        if (!isSet(key)) {
            return fallback;
        }
        List<Integer> marks = integers(key, List.of());
        if (marks.size() != layers || marks.stream().anyMatch(mark -> mark != 0 && mark != 1)) {
            wrong(key, root.path(key), "lists of a 0 or a 1 for each of " + layers + " layers");
            return fallback;
        }
        return marks.stream().map(mark -> mark == 1).toList();
    }

    /**
     * Whether each layer sees a window only, by {@code layer_types}.
     *
     * @param fallback if the field is not set, one for each layer
     * @param window 0 if config.json has none, or does not use it; no layer may ask for one then
     */
    public List<Boolean> windowed(List<Boolean> fallback, int window) {
        List<Boolean> windowed = isSet("layer_types") ? layerTypes(fallback) : fallback;
        if (window == 0 && windowed.contains(true)) {
            refuse(
                    "sliding_window",
                    "null, or switched off by use_sliding_window, with layers of type"
                            + " sliding_attention",
                    "a window for them, or full_attention alone");
        }
        return windowed;
    }

    private List<Boolean> layerTypes(List<Boolean> fallback) {
        List<Boolean> windowed = new ArrayList<>();
        for (JsonNode type : root.path("layer_types")) {
            switch (type.asString("")) {
                case "sliding_attention" -> windowed.add(true);
                case "full_attention" -> windowed.add(false);
                default -> {
                    refuse("layer_types", type, "full_attention and sliding_attention");
                    return fallback;
                }
            }
        }
        if (windowed.size() != fallback.size()) {
            wrong(
                    "layer_types",
                    root.path("layer_types"),
                    "lists of a type for each of " + fallback.size() + " layers");
            return fallback;
        }
        return windowed;
    }

    /** What the gate of a feed-forward part does with its outputs. */
    public Dense.Activation activation(String key, String fallback) {
        String name = text(key, fallback);
        return switch (name) {
            case "silu", "swish" -> Dense.Activation.SILU;
            case "gelu_pytorch_tanh", "gelu_new" -> Dense.Activation.GELU_TANH;
            default -> {
                refuse(key, "'" + name + "'", "silu, gelu_pytorch_tanh");
                yield Dense.Activation.SILU;
            }
        };
    }
}
